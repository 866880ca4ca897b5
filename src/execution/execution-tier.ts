import type { TierName } from '../registry/index.js';
import type { Attempt, AttemptRef, Standing, Started, SubmittedAttempt } from './types.js';

export interface TierHealth {
  healthy: boolean;
  /** Why not, for people. */
  detail?: string;
}

export interface TierCapacity {
  slots: number;
  free: number;
}

/**
 * The port every tier implements; each passes `test/contract`. A tier holds no durable state: the handle is on the
 * run row. It classifies its own failures, and never throws for what is the run's own fault.
 */
export abstract class ExecutionTier {
  abstract readonly name: TierName;

  /** Whether this tier can run the process at all; the reason if not. */
  abstract supports(
    processId: string,
    handler: Record<string, unknown> | undefined,
  ): { ok: true } | { ok: false; reason: string };

  abstract start(attempt: Attempt): Promise<Started>;

  /** Stops the work of an attempt; resolves when it no longer uses the processor. Unknown attempts are no error. */
  abstract cancel(attempt: AttemptRef): Promise<void>;

  /** How submitted attempts stand; also the net under a lost completion event. A tier that finishes what it starts knows none. */
  abstract inspect(attempts: SubmittedAttempt[]): Promise<Standing[]>;

  abstract capacity(): TierCapacity;

  abstract health(): Promise<TierHealth>;
}
