import type { EntityManager } from 'typeorm';
import { guarded } from './guarded.js';
import { firstRun } from './hydrate.js';
import type { ProcessRun } from './process-run.entity.js';

const DISMISS = guarded(
  `dismissed_at = clock_timestamp(), updated_at = clock_timestamp(), event_seq = r.event_seq + 1
   where r.id = $1 and r.state in ('succeeded', 'failed') and r.dismissed_at is null`,
  `'dismissed'`,
  `'{}'::jsonb`,
);

/**
 * Makes a finished run a tombstone, its stored bytes gone with it. Undefined: it is not finished, or was dismissed.
 * Runs in the tenant, in a transaction; artifacts are deleted by the caller after the commit.
 */
export async function dismissRun(manager: EntityManager, id: string): Promise<ProcessRun | undefined> {
  const run = firstRun(await manager.query(DISMISS, [id]));
  if (!run) return undefined;
  await manager.query('delete from process_run_outputs where run_id = $1', [id]);
  await manager.query('delete from process_run_inputs where run_id = $1', [id]);
  return run;
}
