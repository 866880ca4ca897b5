import type { TierName } from '../registry/index.js';
import type { Attempt, AttemptRef, Outcome, Started } from './types.js';

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

  /** What became of submitted attempts; the net under a lost completion event. In-process tiers know none. */
  abstract inspect(handles: string[]): Promise<Map<string, Outcome | 'running' | 'unknown'>>;

  abstract capacity(): TierCapacity;

  abstract health(): Promise<TierHealth>;
}
