import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { Database } from '../../database/index.js';
import { TenantRules } from '../policy/tenant-rules.js';
import { RunArtifacts } from '../run/run-artifacts.js';

const BATCH = 500;
const DAY_MS = 86_400_000;
const NO_ID = '00000000-0000-0000-0000-000000000000';

interface Ended {
  id: string;
  tenant: string;
  process: string;
  completedAt: Date;
}

/** Logs of ended runs whose time is over, by the policy of their tenant or the configuration. */
@Injectable()
export class ExpiredLogs {
  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly database: Database,
    private readonly rules: TenantRules,
    private readonly artifacts: RunArtifacts,
  ) {}

  /** Answers how many runs it took logs of. Can be repeated, and run twice at once. */
  async delete(now = new Date()): Promise<number> {
    let deleted = 0;
    for (let after = NO_ID; ;) {
      const ended = await this.find(after);
      const due = ended.filter((run) => run.completedAt.getTime() + this.keptMs(run) < now.getTime());
      for (const { id } of due) await this.artifacts.deleteLogs(id);
      // A run without a handle has no log.
      await this.database.asSystem((manager) =>
        manager.query('update process_runs set tier_handle = null where id = any ($1)', [
          due.map(({ id }) => id),
        ]),
      );
      deleted += due.length;
      if (ended.length < BATCH) return deleted;
      after = ended.at(-1)!.id;
    }
  }

  private keptMs({ tenant, process }: Ended): number {
    return (
      this.rules.policyOf(tenant, process).logRetention ?? this.config.processing.logRetentionDays * DAY_MS
    );
  }

  private find(after: string): Promise<Ended[]> {
    return this.database.asSystem((manager) =>
      manager.query<Ended[]>(
        `select id, tenant_id as tenant, process_id as process, completed_at as "completedAt" from process_runs
          where tier_handle is not null and id > $1 and state not in ('queued', 'running') order by id limit $2`,
        [after, BATCH],
      ),
    );
  }
}
