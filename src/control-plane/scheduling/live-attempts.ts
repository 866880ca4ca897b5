import { Inject, Injectable, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { CancelAttempt } from '../../execution/index.js';
import type { LiveAttempt, StopReason } from './live-attempt.js';

/** A tier that says its work has stopped gets this long to hand the attempt back; then it is gone on without. */
const HAND_BACK_MS = 2_000;

/** The attempts this process owns. */
@Injectable()
export class LiveAttempts {
  private readonly log = new Logger(LiveAttempts.name);
  private readonly attempts = new Map<string, LiveAttempt>();
  private emptied?: () => void;
  /** Set at shutdown: nothing new is started. */
  draining = false;

  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly commands: CommandBus,
  ) {}

  get syncSlotFree(): boolean {
    let sync = 0;
    for (const attempt of this.attempts.values()) if (attempt.sync) sync += 1;
    return !this.draining && sync < this.config.scheduling.syncSlots;
  }

  get count(): number {
    return this.attempts.size;
  }

  all(): LiveAttempt[] {
    return [...this.attempts.values()];
  }

  /** An earlier attempt at the same run that is still here has lost it, and may not have noticed. */
  add(attempt: LiveAttempt): void {
    const earlier = this.attempts.get(attempt.ref.runId);
    if (earlier) void this.stopAttempt(earlier, 'lost');
    this.attempts.set(attempt.ref.runId, attempt);
  }

  remove(attempt: LiveAttempt): void {
    if (this.attempts.get(attempt.ref.runId) === attempt) this.attempts.delete(attempt.ref.runId);
    if (this.attempts.size === 0) this.emptied?.();
  }

  /** Stops the run's work if it is here; what is recorded then follows from the reason. */
  stop(runId: string, reason: StopReason): void {
    const attempt = this.attempts.get(runId);
    if (attempt) void this.stopAttempt(attempt, reason);
  }

  async stopAttempt(attempt: LiveAttempt, reason: StopReason): Promise<void> {
    if (!attempt.markStopping(reason)) return;
    try {
      if (attempt.tier) await this.commands.execute(new CancelAttempt(attempt.tier, attempt.ref));
    } catch (error) {
      this.log.error({ err: error, runId: attempt.ref.runId }, 'A tier could not stop an attempt');
    }
    setTimeout(() => attempt.markStopped(), HAND_BACK_MS).unref();
  }

  /** Resolves when nothing is left, or after `limitMs`. */
  async drained(limitMs: number): Promise<void> {
    if (this.attempts.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      this.emptied = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
