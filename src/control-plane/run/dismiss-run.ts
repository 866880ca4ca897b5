import type { EntityManager } from 'typeorm';
import { boundsOf } from './array-children.js';
import { guarded } from './guarded.js';
import { firstRun, toRun } from './hydrate.js';
import type { ProcessRun } from './process-run.entity.js';

const dismissing = (which: string): string =>
  guarded(
    `dismissed_at = clock_timestamp(), updated_at = clock_timestamp(), event_seq = r.event_seq + 1
     where ${which} and r.state in ('succeeded', 'failed') and r.dismissed_at is null`,
    `'dismissed'`,
    `'{}'::jsonb`,
  );

const DISMISS = dismissing('r.id = $1');
const DISMISS_CHILDREN = dismissing('r.parent_run_id = $1 and r.id >= $2 and r.id < $3');

/**
 * Makes a finished run a tombstone, its stored bytes gone with it. Undefined: it is not finished, or was dismissed.
 * Runs in the tenant, in a transaction; artifacts are deleted by the caller after the commit.
 */
export async function dismissRun(manager: EntityManager, id: string): Promise<ProcessRun | undefined> {
  const run = firstRun(await manager.query(DISMISS, [id]));
  if (run) await deleteBytes(manager, [id]);
  return run;
}

/** The same for all children of an array that finished. Answers them. */
export async function dismissChildren(manager: EntityManager, parentId: string): Promise<ProcessRun[]> {
  const { floor, ceil } = boundsOf(parentId);
  const rows = (await manager.query(DISMISS_CHILDREN, [parentId, floor, ceil])) as Record<string, unknown>[];
  const runs = rows.map(toRun);
  await deleteBytes(
    manager,
    runs.map(({ id }) => id),
  );
  return runs;
}

async function deleteBytes(manager: EntityManager, ids: string[]): Promise<void> {
  await manager.query('delete from process_run_outputs where run_id = any ($1)', [ids]);
  await manager.query('delete from process_run_inputs where run_id = any ($1)', [ids]);
}
