import type { EntityManager } from 'typeorm';
import type { AttemptRef } from '../../execution/index.js';

export interface RenewedLease {
  runId: string;
  cancelRequested: boolean;
}

/**
 * Renews the leases of this process's attempts. An attempt that is not answered has lost its run: it was cancelled,
 * taken over, or its lease had ended (an ended lease frees a slot, so it is not revived). One that was entrusted to its tier
 * meanwhile keeps the longer lease. Runs as the system.
 */
export async function renewLeases(
  manager: EntityManager,
  attempts: AttemptRef[],
  leaseMs: number,
): Promise<RenewedLease[]> {
  const [rows] = (await manager.query(
    `update process_runs r set lease_until = greatest(r.lease_until, clock_timestamp() + $3::interval)
       from unnest($1::uuid[], $2::int[]) as held (id, attempt)
      where r.id = any ($1) and r.id = held.id and r.attempt = held.attempt
        and r.state = 'running' and r.lease_until > clock_timestamp()
      returning r.id as "runId", r.cancel_requested_at is not null as "cancelRequested"`,
    [attempts.map(({ runId }) => runId), attempts.map(({ attempt }) => attempt), `${leaseMs} ms`],
  )) as [RenewedLease[], number];
  return rows;
}

/** Which of these runs somebody wants cancelled. Runs as the system. */
export async function findCancelIntents(manager: EntityManager, runIds: string[]): Promise<string[]> {
  const rows = (await manager.query(
    `select id from process_runs where id = any ($1) and state = 'running' and cancel_requested_at is not null`,
    [runIds],
  )) as { id: string }[];
  return rows.map(({ id }) => id);
}
