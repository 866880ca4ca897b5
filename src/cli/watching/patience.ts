import { setTimeout as sleep } from 'node:timers/promises';
import type { Failure } from '../failure.js';

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;

/** How long a server that went away is waited for: longer each time, up to so long without a word of it. */
export class Patience {
  private since?: number;
  private told = false;
  private waitMs = FIRST_WAIT_MS;

  constructor(
    private readonly limitMs: number,
    private readonly signal: AbortSignal,
    private readonly tell: (text: string) => void = () => {},
  ) {}

  heard(): void {
    if (this.told) this.tell('The server is back.');
    this.told = false;
    this.since = undefined;
    this.waitMs = FIRST_WAIT_MS;
  }

  /** Waits before the next try. Throws the failure once the server has been silent for too long. */
  async lost(failure: Failure): Promise<void> {
    // A connection that is only cut is there again at the next try: nobody needs to hear of it.
    if (this.since !== undefined && !this.told) {
      this.tell(`${failure.message} Trying again …`);
      this.told = true;
    }
    this.since ??= performance.now();
    const left = this.limitMs - (performance.now() - this.since);
    if (left <= 0) throw failure;
    await pause(Math.min(this.waitMs, left), this.signal);
    this.waitMs = Math.min(this.waitMs * 2, LONGEST_WAIT_MS);
  }
}

/** Rejects with the reason of the signal, as everything that it ends does. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {
    throw signal.reason;
  });
}

/** Waits between two looks at what may not have changed: longer each time, until something has. */
export class Rhythm {
  private waitMs: number;

  constructor(
    private readonly firstMs: number,
    private readonly longestMs: number,
    private readonly signal: AbortSignal,
  ) {
    this.waitMs = firstMs;
  }

  moved(): void {
    this.waitMs = this.firstMs;
  }

  async wait(): Promise<void> {
    await pause(this.waitMs, this.signal);
    this.waitMs = Math.min(this.waitMs * 1.5, this.longestMs);
  }
}
