import type { EntityManager } from 'typeorm';
import type { AttemptRef, SubmittedAttempt } from '../../execution/index.js';
import type { TierName } from '../../registry/index.js';
import { runWindow } from './run-window.js';

/** A running attempt that its tier knows by a name. */
export interface SubmittedRun extends SubmittedAttempt {
  tier: TierName;
  /** Its tier answers for it, not a server: its lease lasts as long as the run may. */
  entrusted: boolean;
  /** The server that was submitting it is gone. */
  forsaken: boolean;
  cancelRequested: boolean;
  /** Nothing ended it when its time was over. */
  overdue: boolean;
}

/** From the end of a run's time until its tier should have ended it. */
const OVERDUE = `interval '1 minute'`;

/** Keeps the name under which an attempt is about to be submitted. False: it had lost its run. Runs as the system. */
export const keepHandle = (manager: EntityManager, attempt: AttemptRef, handle: string): Promise<boolean> =>
  update(manager, attempt, `tier_handle = $3`, [handle]);

/** It was submitted, and needs no server any more: nobody takes it from its tier. False as above. Runs as the system. */
export const entrust = (manager: EntityManager, attempt: AttemptRef): Promise<boolean> =>
  update(manager, attempt, `lease_until = deadline_at + ${OVERDUE} * 2, worker = null`, []);

async function update(
  manager: EntityManager,
  { runId, attempt }: AttemptRef,
  set: string,
  more: string[],
): Promise<boolean> {
  const [, count] = (await manager.query(
    `update process_runs set ${set}, updated_at = clock_timestamp()
      where id = $1 and attempt = $2 and state = 'running'`,
    [runId, attempt, ...more],
  )) as [unknown, number];
  return count > 0;
}

/** All that are with their tiers, or were on their way there. Runs as the system. */
export async function findSubmitted(manager: EntityManager): Promise<SubmittedRun[]> {
  const { floor, ceil } = runWindow();
  return (await manager.query(
    `select id as "runId", tenant_id as tenant, attempt, tier, tier_handle as handle,
            lease_until > deadline_at as entrusted, lease_until <= clock_timestamp() as forsaken,
            cancel_requested_at is not null as "cancelRequested",
            deadline_at + ${OVERDUE} < clock_timestamp() as overdue
       from process_runs
      where state = 'running' and tier_handle is not null and id >= $1 and id < $2`,
    [floor, ceil],
  )) as SubmittedRun[];
}
