import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { buffer } from 'node:stream/consumers';
import { ArtifactStore, logKey } from '../../artifacts/index.js';
import { Database } from '../../database/index.js';
import type { Principal } from '../../shared/principal.js';
import { isUuidV7 } from '../../shared/uuid-v7.js';
import { findRun, requireRun } from '../run/find-run.js';
import { isTerminal } from '../run/run-lifecycle.js';

/** Of one answer. */
const MOST_BYTES = 1024 ** 2;

export interface RunLog {
  bytes: Buffer;
  /** Whence to go on. */
  next: number;
  /** Nothing follows any more. */
  isComplete: boolean;
}

/**
 * What the programs of a run's last attempt said, from a byte on: nothing where it had none, or its log is no longer kept.
 * Throws like GetRun.
 */
export class GetRunLog extends Query<RunLog> {
  constructor(
    readonly principal: Principal,
    readonly runId: string,
    readonly from: number,
  ) {
    super();
  }
}

@QueryHandler(GetRunLog)
export class GetRunLogHandler implements IQueryHandler<GetRunLog> {
  constructor(
    private readonly database: Database,
    private readonly artifacts: ArtifactStore,
  ) {}

  async execute({ principal, runId, from }: GetRunLog): Promise<RunLog> {
    if (!isUuidV7(runId)) requireRun(undefined, runId);
    const run = requireRun(
      await this.database.inTenant(principal.tenant, (manager) => findRun(manager, runId)),
      runId,
    );
    // Looked at before the log: what is written after the run has ended is nothing.
    const hasEnded = isTerminal(run.state);
    const key = logKey({ runId, attempt: run.attempt });
    const found = run.tierHandle === null ? undefined : await this.artifacts.stat(key);
    if (!found) return { bytes: Buffer.alloc(0), next: 0, isComplete: hasEnded };
    const end = Math.min(found.size, from + MOST_BYTES);
    const bytes =
      end > from
        ? await buffer(await this.artifacts.open(key, { start: from, end: end - 1 }))
        : Buffer.alloc(0);
    return { bytes, next: from + bytes.length, isComplete: hasEnded && from + bytes.length >= found.size };
  }
}
