import type { EntityManager } from 'typeorm';
import type { AttemptRef } from '../../execution/index.js';
import type { TierName } from '../../registry/index.js';
import { guarded } from './guarded.js';

const FALL_BACK = guarded(
  `tier = $3, updated_at = clock_timestamp(), event_seq = r.event_seq + 1
   where r.id = $1 and r.attempt = $2 and r.state = 'running'`,
  `'fell-back'`,
  `jsonb_build_object('tier', $3::text, 'from', $4::text, 'reason', $5::text)`,
);

export interface FallBack {
  from: TierName;
  to: TierName;
  reason: string;
}

/** Records that an attempt goes on on the next tier. False: it had lost its run. Runs as the system. */
export async function fallBack(
  manager: EntityManager,
  { runId, attempt }: AttemptRef,
  { from, to, reason }: FallBack,
): Promise<boolean> {
  const rows = (await manager.query(FALL_BACK, [runId, attempt, to, from, reason])) as unknown[];
  return rows.length > 0;
}

/** Keeps the name the tier has for a submitted attempt. False: it had lost its run. Runs as the system. */
export async function keepHandle(
  manager: EntityManager,
  { runId, attempt }: AttemptRef,
  handle: string,
): Promise<boolean> {
  const [, count] = (await manager.query(
    `update process_runs set tier_handle = $3, updated_at = clock_timestamp()
      where id = $1 and attempt = $2 and state = 'running'`,
    [runId, attempt, handle],
  )) as [unknown, number];
  return count > 0;
}
