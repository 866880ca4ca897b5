import type { EntityManager } from 'typeorm';
import { toRun } from './hydrate.js';
import type { SlotRules } from './insert-run.js';
import type { ProcessRun } from './process-run.entity.js';
import { runWindow } from './run-window.js';

export type Claim =
  | { outcome: 'claimed'; run: ProcessRun; input: Uint8Array<ArrayBuffer> | null }
  /** Nothing is eligible: sleep until woken. */
  | { outcome: 'none' }
  /** Others hold the tenants that looked free: ask again. */
  | { outcome: 'busy' };

/** Takes the next run of a lane, fairly and within every tenant's limit. Runs as the system. */
export async function claimRun(
  manager: EntityManager,
  lane: string,
  worker: string,
  rules: SlotRules,
): Promise<Claim> {
  const { floor, ceil } = runWindow();
  const [row] = (await manager.query('select * from claim_run($1, $2, $3, $4, $5, $6)', [
    lane,
    worker,
    floor,
    ceil,
    JSON.stringify(rules.limits),
    `${rules.leaseMs} ms`,
  ])) as [{ outcome: Claim['outcome']; run: Record<string, unknown>; input: Buffer<ArrayBuffer> | null }];
  if (row.outcome !== 'claimed') return { outcome: row.outcome };
  return { outcome: 'claimed', run: toRun(row.run), input: row.input };
}
