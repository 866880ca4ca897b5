import { setTimeout as sleep } from 'node:timers/promises';

/** SubmitJob is limited to 50 a second for an account and region, whoever calls; a bucket that is full adds to its rate. */
const CALLS_PER_SECOND = 38;
const BURST = 10;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 20_000;

/** Lets calls go one after another at a rate that AWS takes; when it takes less, all of them wait. */
export class CallPace {
  private tokens = BURST;
  private filledAt = performance.now();
  private pauseMs = 0;
  private notBefore = 0;
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly perSecond = CALLS_PER_SECOND) {}

  /** Resolves when the next call may be made, in the order in which they were asked for. */
  turn(): Promise<void> {
    const turn = this.last.then(() => this.wait());
    this.last = turn;
    return turn;
  }

  /** A call was refused for there were too many: this process holds all of its calls back for a while, each time for longer. */
  slowDown(): void {
    // Calls that were under way together are refused together, which is one refusal.
    if (performance.now() < this.notBefore) return;
    this.pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, this.pauseMs * 2));
    this.notBefore = performance.now() + this.pauseMs * (0.5 + Math.random() / 2);
  }

  /** A call was taken. */
  goOn(): void {
    this.pauseMs = this.pauseMs < FIRST_PAUSE_MS ? 0 : this.pauseMs / 2;
  }

  private async wait(): Promise<void> {
    for (;;) {
      const now = performance.now();
      this.tokens = Math.min(BURST, this.tokens + ((now - this.filledAt) / 1000) * this.perSecond);
      this.filledAt = now;
      const pause = Math.max(
        this.notBefore - now,
        this.tokens >= 1 ? 0 : ((1 - this.tokens) / this.perSecond) * 1000,
      );
      if (pause <= 0) break;
      await sleep(pause);
    }
    this.tokens -= 1;
  }
}
