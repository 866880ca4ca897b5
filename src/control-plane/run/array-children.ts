import type { EntityManager } from 'typeorm';
import { smallestUuidV7, timeOfUuidV7 } from '../../shared/uuid-v7.js';
import type { ProcessRun, RunState } from './process-run.entity.js';

/** How many children of an array stand where, and what those that ended have cost. */
export type ArrayCounts = Record<RunState, number> & { size: number; costUnits: number };

/** The children of an array have the moment of its own id: with both as parameters the planner opens one partition. */
export function boundsOf(parentId: string): { floor: string; ceil: string } {
  const at = timeOfUuidV7(parentId).getTime();
  return { floor: smallestUuidV7(new Date(at)), ceil: smallestUuidV7(new Date(at + 1)) };
}

/** In the tenant, or as the system. */
export async function countChildren(
  manager: EntityManager,
  { id, arraySize }: Pick<ProcessRun, 'id' | 'arraySize'>,
): Promise<ArrayCounts & { percent: number }> {
  const { floor, ceil } = boundsOf(id);
  const [row] = (await manager.query(
    `select (count(*) filter (where state = 'queued'))::int as queued,
            (count(*) filter (where state = 'running'))::int as running,
            (count(*) filter (where state = 'succeeded'))::int as succeeded,
            (count(*) filter (where state = 'failed'))::int as failed,
            (count(*) filter (where state = 'cancelled'))::int as cancelled,
            coalesce(sum(cost_units), 0)::float8 as "costUnits",
            floor(avg(case when completed_at is null then progress else 100 end))::int as percent
       from process_runs where parent_run_id = $1 and id >= $2 and id < $3`,
    [id, floor, ceil],
  )) as [Omit<ArrayCounts, 'size'> & { percent: number }];
  return { size: arraySize!, ...row };
}
