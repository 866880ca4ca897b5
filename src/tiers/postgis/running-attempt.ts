import { type AttemptRef } from '../../execution/index.js';

/** An attempt that this process has on the tier: why it is being stopped, and when it has left. */
export class RunningAttempt {
  stopping?: 'cancelled' | 'timeout';
  private readonly abortion = new AbortController();
  private readonly left = Promise.withResolvers<void>();

  constructor(private readonly ref: AttemptRef) {}

  /** By which its backend is known in the database. */
  get applicationName(): string {
    return applicationNameOf(this.ref);
  }

  get signal(): AbortSignal {
    return this.abortion.signal;
  }

  get gone(): Promise<void> {
    return this.left.promise;
  }

  stop(reason: 'cancelled' | 'timeout'): void {
    this.stopping ??= reason;
    this.abortion.abort();
  }

  leave(): void {
    this.left.resolve();
  }
}

export const applicationNameOf = ({ runId, attempt }: AttemptRef): string => `honua:${runId}:${attempt}`;
