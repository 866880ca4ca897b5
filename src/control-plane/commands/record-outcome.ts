import { Inject, Logger } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { Database } from '../../database/index.js';
import { type AttemptRef, type Outcome, RecordOutcome } from '../../execution/index.js';
import { findRun } from '../run/find-run.js';
import { type FinishedRun, finishCancelled, finishRun } from '../run/finish-run.js';
import { giveUpAttempt } from '../run/give-up-attempt.js';
import { isTerminal } from '../run/run-lifecycle.js';
import { RunAnnouncer } from '../run/run-announcer.js';
import { RunArtifacts } from '../run/run-artifacts.js';
import { LaneWakes } from '../scheduling/lane-wakes.js';

/** Large results are stored first, then one guarded statement makes the outcome the run's; then it is told. */
@CommandHandler(RecordOutcome)
export class RecordOutcomeHandler implements ICommandHandler<RecordOutcome> {
  private readonly log = new Logger(RecordOutcome.name);

  // oxlint-disable-next-line max-params -- what is injected, not what a caller must know
  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly database: Database,
    private readonly artifacts: RunArtifacts,
    private readonly announcer: RunAnnouncer,
    private readonly lanes: LaneWakes,
  ) {}

  async execute({ attempt, outcome }: RecordOutcome): Promise<{ recorded: boolean }> {
    const finished = await this.finish(attempt, outcome);
    if (finished) {
      this.announcer.moved(finished.run);
      this.lanes.slotFreed(finished.waitingLanes);
      if (finished.run.state !== 'succeeded') await this.artifacts.sweep(attempt);
      await this.artifacts.sweepEarlier(attempt);
      if (finished.run.tierHandle !== null && isTerminal(finished.run.state))
        await this.artifacts.deleteStaged(attempt.runId);
      return { recorded: finished.run.state === outcome.kind };
    }
    // Nothing moved. A reply that was lost on the way makes us ask twice: then the run is as we want it already.
    const run = await this.database.asSystem((manager) => findRun(manager, attempt.runId));
    const ours = run?.attempt === attempt.attempt && run.state === outcome.kind;
    const linked = run?.attempt === attempt.attempt && run.state === 'succeeded';
    if (!linked) await this.artifacts.sweep(attempt);
    return { recorded: ours };
  }

  private async finish(attempt: AttemptRef, outcome: Outcome): Promise<FinishedRun | undefined> {
    const { database } = this;
    const prices = this.config.cost;
    if (outcome.kind === 'succeeded') {
      const kept = await this.artifacts.keep(attempt, outcome.outputs).catch((error: Error) => error);
      if (kept instanceof Error) {
        // Success with bytes or none at all.
        this.log.error({ err: kept, runId: attempt.runId }, 'Results could not be stored');
        return this.tryAgain(attempt);
      }
      const { usage, messages } = outcome;
      const finished = await database.asSystem((manager) =>
        finishRun(manager, attempt, { state: 'succeeded', usage, messages, ...kept }, prices),
      );
      if (finished) return finished;
    }
    if (outcome.kind === 'failed') {
      const { failure, usage, messages } = outcome;
      if (failure.retryable) return this.tryAgain(attempt);
      const finished = await database.asSystem((manager) =>
        finishRun(
          manager,
          attempt,
          {
            state: 'failed',
            failure: { reason: failure.reason, message: failure.message },
            usage,
            messages,
          },
          prices,
        ),
      );
      if (finished) return finished;
    }
    // However the work ended: what somebody wanted cancelled ends cancelled.
    return database.asSystem((manager) => finishCancelled(manager, attempt, outcome.usage, prices));
  }

  /** Back to the queue, until that was once too often. */
  private async tryAgain(attempt: AttemptRef): Promise<FinishedRun | undefined> {
    const maxLost = this.config.scheduling.maxLostAttempts;
    const run = await this.database.asSystem((manager) =>
      giveUpAttempt(manager, attempt, { lost: true, maxLost, reason: 'retry' }),
    );
    return run && { run, waitingLanes: [] };
  }
}
