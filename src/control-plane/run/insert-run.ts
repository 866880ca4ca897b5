import type { EntityManager } from 'typeorm';
import type { LimitsInDatabase } from '../policy/tenant-limits.js';
import { toColumns, toRun } from './hydrate.js';
import type { ProcessRun } from './process-run.entity.js';
import { runWindow } from './run-window.js';

export interface NewRun {
  /** Its state says how it starts: `queued`, or `running` with the worker that starts it at once. */
  run: Partial<ProcessRun>;
  /** The request body where it is small enough to live in the database. */
  input?: Uint8Array;
  idempotency?: { key: string; bodyHash: string };
}

export interface SlotRules {
  /** What holds for a tenant that has no limits of its own. */
  limits: LimitsInDatabase;
  leaseMs: number;
}

export type Inserted =
  | { outcome: 'inserted' | 'replayed'; run: ProcessRun }
  /** The key came before with another body. */
  | { outcome: 'mismatch' }
  /** The tenant has no slot free; nothing was written. */
  | { outcome: 'no-slot' }
  /** Too little is left of its budget; nothing was written. */
  | { outcome: 'over-budget' };

/** Records an admitted run, once per idempotency key. Runs as the system. */
export async function insertRun(manager: EntityManager, made: NewRun, rules: SlotRules): Promise<Inserted> {
  const { floor, ceil } = runWindow();
  const [row] = (await manager.query('select * from insert_run($1, $2, $3, $4, $5, $6, $7, $8)', [
    JSON.stringify(toColumns(made.run)),
    made.input ?? null,
    made.idempotency?.key ?? null,
    made.idempotency?.bodyHash ?? null,
    floor,
    ceil,
    JSON.stringify(rules.limits),
    `${rules.leaseMs} ms`,
  ])) as [{ outcome: Inserted['outcome']; run: Record<string, unknown> | null }];
  const { outcome } = row;
  if (outcome === 'inserted' || outcome === 'replayed') return { outcome, run: toRun(row.run!) };
  return { outcome };
}
