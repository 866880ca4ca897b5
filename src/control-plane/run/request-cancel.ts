import type { EntityManager } from 'typeorm';
import { guarded } from './guarded.js';
import { firstRun } from './hydrate.js';
import type { ProcessRun } from './process-run.entity.js';

const REQUEST = guarded(
  `state = case r.state when 'queued' then 'cancelled' else r.state end,
   completed_at = case r.state when 'queued' then clock_timestamp() end,
   cancel_requested_at = clock_timestamp(), updated_at = clock_timestamp(), event_seq = r.event_seq + 1,
   message = coalesce($2, r.message)
   where r.id = $1 and r.state in ('queued', 'running') and r.cancel_requested_at is null`,
  `case m.state when 'cancelled' then 'cancelled' else 'cancel-requested' end`,
  `jsonb_strip_nulls(jsonb_build_object('reason', $2))`,
  `select m.*, case m.state when 'running' then pg_notify('honua_cancel', m.id::text) end from moved m`,
);

/**
 * Ends a queued run; marks a running one, which can then end in no way but cancelled, and tells its owner. Undefined:
 * it was neither, or is marked already. Runs in the tenant.
 */
export async function requestCancel(
  manager: EntityManager,
  id: string,
  reason?: string,
): Promise<ProcessRun | undefined> {
  return firstRun(await manager.query(REQUEST, [id, reason ?? null]));
}
