import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { Database } from '../../database/index.js';
import { smallestUuidV7 } from '../../shared/uuid-v7.js';
import type { StoredInput } from '../run/process-run.entity.js';
import { RunArtifacts } from '../run/run-artifacts.js';

const BATCH = 500;
const ENDED = `state not in ('queued', 'running')`;
const STORED = `(result_artifact_uri is not null or input ?| array['key', 'referencesFolder'])`;

type Expired = { id: string; input: StoredInput };

/** Bytes of ended runs whose time is over: results by reference, staged inputs, and what lost attempts left. */
@Injectable()
export class ExpiredBytes {
  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly database: Database,
    private readonly artifacts: RunArtifacts,
  ) {}

  /** Answers how many runs it took bytes of. Can be repeated, and run twice at once. */
  async delete(now = new Date()): Promise<number> {
    return (await this.deleteByPolicy(now)) + (await this.deleteByConfiguration(now));
  }

  /** What a policy had another time for: small results and inputs in the database go too. */
  deleteByPolicy(now = new Date()): Promise<number> {
    return this.inBatches(
      `select id, input from process_runs where artifacts_until < $1 and ${ENDED} order by artifacts_until limit $2`,
      [now],
      `with outputs as (delete from process_run_outputs where run_id = any ($1)),
            inputs as (delete from process_run_inputs where run_id = any ($1))
       update process_runs set artifacts_until = null, result_artifact_uri = null,
              input = input - array['key', 'referencesFolder'] where id = any ($1)`,
    );
  }

  /** Whatever a policy says, nothing is kept longer than its run: nobody would know of it. */
  private deleteByConfiguration(now: Date): Promise<number> {
    const { artifacts, runs } = this.config.retention;
    const before = (keptMs: number): string => smallestUuidV7(new Date(now.getTime() - keptMs));
    return this.inBatches(
      `select id, input from process_runs
        where id < $1 and (artifacts_until is null or id < $3) and ${ENDED} and ${STORED} order by id limit $2`,
      [before(Math.min(artifacts, runs)), before(runs)],
      `update process_runs set result_artifact_uri = null, input = input - array['key', 'referencesFolder']
        where id = any ($1)`,
    );
  }

  private async inBatches(find: string, [first, ...others]: unknown[], forget: string): Promise<number> {
    for (let deleted = 0; ;) {
      const batch = await this.database.asSystem((manager) =>
        manager.query<Expired[]>(find, [first, BATCH, ...others]),
      );
      if (batch.length === 0) return deleted;
      for (const run of batch) await this.artifacts.deleteAll(run);
      await this.database.asSystem((manager) => manager.query(forget, [batch.map(({ id }) => id)]));
      deleted += batch.length;
    }
  }
}
