import type { EntityManager } from 'typeorm';
import { boundsOf } from './array-children.js';
import { guarded } from './guarded.js';
import { firstRun, toRun } from './hydrate.js';
import type { ProcessRun } from './process-run.entity.js';

/** A rejected array needs no line of its own: it fails, since its children have. */
const APPROVE_ARRAY = guarded(
  `approval = 'approved', updated_at = clock_timestamp(), event_seq = r.event_seq + 1 where r.id = $1`,
  `'approved'`,
  `jsonb_strip_nulls(jsonb_build_object('by', $2::text, 'reason', $3::text))`,
);
const REJECT_ARRAY = `update process_runs set approval = 'rejected', updated_at = clock_timestamp() where id = $1 returning *`;

/**
 * Lets a run that waits for approval go to its lane, or ends it. Undefined: it does not wait for approval. Runs as the
 * system.
 */
export async function decideRun(
  manager: EntityManager,
  id: string,
  { approve, who, reason }: { approve: boolean; who: string; reason?: string },
): Promise<ProcessRun | undefined> {
  return firstRun(
    await manager.query('select * from decide_run($1, $2, $3, $4)', [id, approve, who, reason ?? null]),
  );
}

/**
 * The same for an array and all its children that wait for approval. Answers the array first, then the children; none,
 * where the run is no array or nothing of it waits. Runs as the system.
 */
export async function decideArrayRun(
  manager: EntityManager,
  id: string,
  { approve, who, reason }: { approve: boolean; who: string; reason?: string },
): Promise<ProcessRun[]> {
  const { floor, ceil } = boundsOf(id);
  return manager.transaction(async (one) => {
    const rows = (await one.query(
      `select d.* from process_runs c cross join lateral decide_run(c.id, $4, $5, $6) d
        where c.parent_run_id = $1 and c.id >= $2 and c.id < $3 and c.state = 'queued' and c.approval = 'pending'`,
      [id, floor, ceil, approve, who, reason ?? null],
    )) as Record<string, unknown>[];
    if (rows.length === 0) return [];
    const values = approve ? [id, who, reason ?? null] : [id];
    const answer = (await one.query(approve ? APPROVE_ARRAY : REJECT_ARRAY, values)) as unknown[];
    const array = firstRun((approve ? answer : answer[0]) as Record<string, unknown>[]);
    return [...(array ? [array] : []), ...rows.map(toRun)];
  });
}
