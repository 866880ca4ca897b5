import type { EntityManager } from 'typeorm';
import type { AttemptRef } from '../../execution/index.js';
import { guarded } from './guarded.js';
import { firstRun } from './hydrate.js';
import type { ProcessRun } from './process-run.entity.js';

const PROGRESS = guarded(
  `progress = $3::smallint, message = coalesce($4, r.message), updated_at = clock_timestamp(),
   event_seq = r.event_seq + 1
   where r.id = $1 and r.attempt = $2 and r.state = 'running' and r.progress < $3::smallint`,
  `'progressed'`,
  `jsonb_strip_nulls(jsonb_build_object('progress', m.progress, 'message', m.message))`,
);

/** Raises the progress of a running attempt; undefined where that would not raise it. Runs as the system. */
export async function reportProgress(
  manager: EntityManager,
  { runId, attempt }: AttemptRef,
  percent: number,
  message?: string,
): Promise<ProcessRun | undefined> {
  return firstRun(await manager.query(PROGRESS, [runId, attempt, percent, message ?? null]));
}
