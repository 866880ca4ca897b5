import type { EntityManager } from 'typeorm';
import type { AttemptRef } from '../../execution/index.js';
import type { TierName } from '../../registry/index.js';
import type { LimitsInDatabase } from '../policy/tenant-limits.js';
import { runWindow } from './run-window.js';

export interface FallBack {
  from: TierName;
  to: TierName;
  reason: string;
}

/**
 * Records that an attempt goes on on the next tier. `lost`: it had lost its run; `full`: the tenant may run no more there.
 * Runs as the system.
 */
export async function fallBack(
  manager: EntityManager,
  { runId, attempt }: AttemptRef,
  { from, to, reason }: FallBack,
  limits: LimitsInDatabase,
): Promise<'moved' | 'lost' | 'full'> {
  const { floor, ceil } = runWindow();
  const [row] = (await manager.query('select fall_back($1, $2, $3, $4, $5, $6, $7, $8) as outcome', [
    runId,
    attempt,
    to,
    from,
    reason,
    floor,
    ceil,
    JSON.stringify(limits),
  ])) as [{ outcome: 'moved' | 'lost' | 'full' }];
  return row.outcome;
}
