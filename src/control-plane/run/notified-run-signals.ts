import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Notifications } from '../../database/index.js';
import { CoalescedNotify } from '../scheduling/coalesced-notify.js';
import { RunSignals } from './run-signals.js';

/** Every waiter looks again after this long, whatever it was told: the poll behind the signals. */
const SLOW_POLL_MS = 5_000;

@Injectable()
export class NotifiedRunSignals extends RunSignals implements OnModuleDestroy {
  private readonly waiters = new Map<string, Set<() => void>>();
  private readonly unsubscribe: () => void;

  constructor(
    notifications: Notifications,
    private readonly elsewhere: CoalescedNotify,
  ) {
    super();
    this.unsubscribe = notifications.subscribe('honua_run', (runId) => this.wake(runId));
  }

  onModuleDestroy(): void {
    this.unsubscribe();
    this.wake(undefined);
  }

  next(runId: string, timeoutMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const group = this.waiters.get(runId) ?? new Set();
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        group.delete(done);
        if (group.size === 0 && this.waiters.get(runId) === group) this.waiters.delete(runId);
        resolve();
      };
      const timer = setTimeout(done, Math.min(timeoutMs, SLOW_POLL_MS));
      group.add(done);
      this.waiters.set(runId, group);
      signal?.addEventListener('abort', done);
      if (signal?.aborted) done();
    });
  }

  /** Whether somebody in this process waits for the run. */
  awaited(runId: string): boolean {
    return this.waiters.has(runId);
  }

  /** The run has moved, and that is committed. `alone`: nobody waits in another process, spare them the NOTIFY. */
  moved(runId: string, alone = false): void {
    this.wake(runId);
    if (!alone) this.elsewhere.send('honua_run', runId);
  }

  /** Without an id: something may have been missed, everybody looks again. */
  private wake(runId: string | undefined): void {
    const groups = runId === undefined ? [...this.waiters.values()] : [this.waiters.get(runId) ?? []];
    for (const group of groups) for (const done of group) done();
  }
}
