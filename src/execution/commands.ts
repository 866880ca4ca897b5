import { Command } from '@nestjs/cqrs';
import type { TierName } from '../registry/index.js';
import type { Attempt, AttemptRef, Outcome, Started } from './types.js';

/** Start an attempt on its tier; answered by the tier's own module. */
export class StartAttempt extends Command<Started> {
  constructor(readonly attempt: Attempt) {
    super();
  }
}

/** Stop an attempt; resolves when its work has stopped. */
export class CancelAttempt extends Command<void> {
  constructor(
    readonly tier: TierName,
    readonly attempt: AttemptRef,
  ) {
    super();
  }
}

/**
 * Keeps with the run that an attempt is about to be submitted under a name: from now on it is looked for there before it
 * is given up. Handled by the control plane. `kept: false` means the attempt had lost its run: submit nothing.
 */
export class KeepHandle extends Command<{ kept: boolean }> {
  constructor(
    readonly attempt: AttemptRef,
    readonly handle: string,
  ) {
    super();
  }
}

/**
 * Dispatched by whoever learns how an attempt ended, handled by the control plane. `recorded: false` means the
 * attempt had lost its run (cancelled, taken over): the outcome counts for nothing.
 */
export class RecordOutcome extends Command<{ recorded: boolean }> {
  constructor(
    readonly attempt: AttemptRef,
    readonly outcome: Outcome,
  ) {
    super();
  }
}

/** Progress of a running attempt, 0 to 100; it never goes down within an attempt. */
export class ReportProgress extends Command<void> {
  constructor(
    readonly attempt: AttemptRef,
    readonly percent: number,
    readonly message?: string,
  ) {
    super();
  }
}

/**
 * What a service that runs programs for a tier sent of them, not yet read; handled by the tier, which knows whom to believe.
 * Throws AppError: `forbidden` before anything is read where nothing is taken, `unauthenticated`, `invalid-input`,
 * `unavailable`.
 */
export class TakeNotification extends Command<void> {
  constructor(readonly body: () => Promise<string>) {
    super();
  }
}
