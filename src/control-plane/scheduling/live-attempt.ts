import type { AttemptRef } from '../../execution/index.js';
import type { TierName } from '../../registry/index.js';

/** Why an attempt is being stopped: it decides what is recorded when its work has ended. */
export type StopReason = 'cancelled' | 'timeout' | 'lost' | 'shutdown';

/** An attempt that this process owns: its lease is renewed and its work is stopped from here. */
export class LiveAttempt {
  /** Where its work is now. */
  tier?: TierName;
  stopping?: StopReason;
  /** Resolves once the attempt was told to stop and its tier says that the work has stopped. */
  readonly stopped: Promise<void>;
  private resolveStopped!: () => void;

  constructor(
    readonly ref: AttemptRef,
    readonly sync: boolean,
    /** By this process's monotonic clock, counted from before the lease was asked for: never later than the row's. */
    public leaseEndsAt: number,
  ) {
    this.stopped = new Promise((resolve) => (this.resolveStopped = resolve));
  }

  /** Only the first reason counts, but a lost run is lost whatever was meant with it. Answers whether it is the first. */
  markStopping(reason: StopReason): boolean {
    const first = this.stopping === undefined;
    if (first || reason === 'lost') this.stopping = reason;
    return first;
  }

  markStopped(): void {
    this.resolveStopped();
  }
}
