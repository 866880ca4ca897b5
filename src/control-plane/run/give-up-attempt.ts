import type { EntityManager } from 'typeorm';
import type { AttemptRef } from '../../execution/index.js';
import { firstRun } from './hydrate.js';
import type { ProcessRun } from './process-run.entity.js';

export interface GiveUp {
  /** Counts against `maxLost`, after which the run fails; a hand-back at shutdown does not count. */
  lost: boolean;
  maxLost: number;
  reason: 'shutdown' | 'refused' | 'lease-expired' | 'retry';
}

/**
 * Gives an attempt up: the run goes back to its lane, or ends where a cancel, its deadline or too many losses say so.
 * Undefined: the attempt had lost its run. Runs as the system.
 */
export async function giveUpAttempt(
  manager: EntityManager,
  { runId, attempt }: AttemptRef,
  { lost, maxLost, reason }: GiveUp,
): Promise<ProcessRun | undefined> {
  return firstRun(
    await manager.query('select * from give_up_attempt($1, $2, $3, $4, $5)', [
      runId,
      attempt,
      lost,
      maxLost,
      reason,
    ]),
  );
}
