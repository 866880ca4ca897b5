import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Notifications } from '../../database/index.js';
import { CoalescedNotify } from '../scheduling/coalesced-notify.js';
import type { ProcessRun } from './process-run.entity.js';
import { RunSignals } from './run-signals.js';

/** Every waiter looks again after this long, whatever it was told: the poll behind the signals. */
const SLOW_POLL_MS = 5_000;

@Injectable()
export class NotifiedRunSignals extends RunSignals implements OnModuleDestroy {
  private readonly waiters = new Map<string, Set<(run?: ProcessRun) => void>>();
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

  next(runId: string, timeoutMs: number, signal?: AbortSignal): Promise<ProcessRun | undefined> {
    return new Promise((resolve) => {
      const group = this.waiters.get(runId) ?? new Set();
      const done = (run?: ProcessRun): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        group.delete(done);
        if (group.size === 0 && this.waiters.get(runId) === group) this.waiters.delete(runId);
        resolve(run);
      };
      const giveUp = (): void => done();
      const timer = setTimeout(giveUp, Math.min(timeoutMs, SLOW_POLL_MS));
      group.add(done);
      this.waiters.set(runId, group);
      signal?.addEventListener('abort', giveUp);
      if (signal?.aborted) giveUp();
    });
  }

  /** Whether somebody in this process waits for the run. */
  awaited(runId: string): boolean {
    return this.waiters.has(runId);
  }

  /** The run has moved, and that is committed. `alone`: nobody waits in another process, spare them the NOTIFY. */
  moved(run: ProcessRun, alone = false): void {
    this.wake(run.id, run);
    if (!alone) this.elsewhere.send('honua_run', run.id);
  }

  /** Without an id: something may have been missed, everybody looks again. */
  private wake(runId: string | undefined, run?: ProcessRun): void {
    const groups = runId === undefined ? [...this.waiters.values()] : [this.waiters.get(runId) ?? []];
    for (const group of groups) for (const done of group) done(run);
  }
}
