import type { EntityManager } from 'typeorm';
import { boundsOf } from './array-children.js';
import { guarded } from './guarded.js';
import { firstRun, toRun } from './hydrate.js';
import type { ProcessRun } from './process-run.entity.js';

const requestFor = (which: string): string =>
  guarded(
    `state = case r.state when 'queued' then 'cancelled' else r.state end,
     completed_at = case r.state when 'queued' then clock_timestamp() end,
     cancel_requested_at = clock_timestamp(), updated_at = clock_timestamp(), event_seq = r.event_seq + 1,
     message = coalesce($1, r.message)
     where ${which} and r.state in ('queued', 'running') and r.cancel_requested_at is null`,
    `case m.state when 'cancelled' then 'cancelled' else 'cancel-requested' end`,
    `jsonb_strip_nulls(jsonb_build_object('reason', $1))`,
    `select m.*, case m.state when 'running' then pg_notify('honua_cancel', m.id::text) end from moved m`,
  );

const REQUEST = requestFor('r.id = $2');
const REQUEST_CHILDREN = requestFor('r.parent_run_id = $2 and r.id >= $3 and r.id < $4');

/**
 * Ends a queued run; marks a running one, which can then end in no way but cancelled, and tells its owner. Undefined:
 * it was neither, or is marked already. Runs in the tenant.
 */
export async function requestCancel(
  manager: EntityManager,
  id: string,
  reason?: string,
): Promise<ProcessRun | undefined> {
  return firstRun(await manager.query(REQUEST, [reason ?? null, id]));
}

/** The same for all children of an array. Answers those it ended or marked. Runs in the tenant, or as the system. */
export async function cancelChildren(
  manager: EntityManager,
  parentId: string,
  reason?: string,
): Promise<ProcessRun[]> {
  const { floor, ceil } = boundsOf(parentId);
  const values = [reason ?? null, parentId, floor, ceil];
  const rows = (await manager.query(REQUEST_CHILDREN, values)) as Record<string, unknown>[];
  return rows.map(toRun);
}
