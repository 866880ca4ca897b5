import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import type { CompletionQueue } from './completion-queue.js';

/** Three waits for a message, each of at most 20 s. */
const LONGEST_SILENCE_MS = 60_000;

/**
 * Whether SQS answers whoever listens for completions, by the age of its last answer: a consumer that says that it runs may
 * have stopped asking. Degraded only: runs are still taken, and their ends are found by looking, later.
 */
@Injectable()
export class BatchCompletionsIndicator {
  private watched: { queue: Pick<CompletionQueue, 'lastReceive'>; since: number } | undefined;

  constructor(private readonly indicators: HealthIndicatorService) {}

  watch(queue: Pick<CompletionQueue, 'lastReceive'>): void {
    this.watched = { queue, since: Date.now() };
  }

  check(): HealthIndicatorResult<'batch-completions'> {
    const indicator = this.indicators.check('batch-completions');
    if (!this.watched) return indicator.up();
    const { queue, since } = this.watched;
    const age = Date.now() - (queue.lastReceive ?? since);
    const seen = { secondsSinceReceive: Math.round(age / 1000) };
    return age <= LONGEST_SILENCE_MS ? indicator.up(seen) : indicator.degraded(seen);
  }
}
