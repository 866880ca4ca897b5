import { Injectable } from '@nestjs/common';
import { EventBus } from '@nestjs/cqrs';
import { RunAccepted, RunCancelled, RunFailed, RunStarted, RunSucceeded } from '../events/run-events.js';
import { NotifiedRunSignals } from './notified-run-signals.js';
import type { ProcessRun } from './process-run.entity.js';

/** Tells the world after a commit: waiters first, then events. */
@Injectable()
export class RunAnnouncer {
  constructor(
    private readonly signals: NotifiedRunSignals,
    private readonly events: EventBus,
  ) {}

  accepted(run: ProcessRun): void {
    this.events.publish(new RunAccepted(run));
    if (run.state === 'running') this.events.publish(new RunStarted(run));
  }

  started(run: ProcessRun): void {
    this.signals.moved(run);
    this.events.publish(new RunStarted(run));
  }

  /** The caller of a synchronous run waits in the process that ran it: nobody else is told. */
  moved(run: ProcessRun): void {
    this.signals.moved(run, run.mode === 'sync' && this.signals.awaited(run.id));
    if (run.state === 'succeeded') this.events.publish(new RunSucceeded(run));
    if (run.state === 'failed') this.events.publish(new RunFailed(run));
    if (run.state === 'cancelled') this.events.publish(new RunCancelled(run));
  }

  /** Something about it changed, but not its state: waiters look again. */
  touched(run: ProcessRun): void {
    this.signals.moved(run);
  }
}
