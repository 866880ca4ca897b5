import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Database } from '../../database/index.js';
import { AppError } from '../../shared/app-error.js';
import type { Principal } from '../../shared/principal.js';
import { isUuidV7 } from '../../shared/uuid-v7.js';
import { decideArrayRun, decideRun } from '../run/decide-run.js';
import { findRun, requireRun } from '../run/find-run.js';
import type { ProcessRun } from '../run/process-run.entity.js';
import { RunAnnouncer } from '../run/run-announcer.js';

/**
 * An operator's word on a run of any tenant that waits for approval: it goes to its lane, or it fails with the reason. A
 * word on an array run is for all its children.
 * Throws AppError `not-found`, and `conflict` where it does not wait (any more).
 */
export class DecideRun extends Command<ProcessRun> {
  constructor(
    readonly principal: Principal,
    readonly runId: string,
    readonly verdict: 'approve' | 'reject',
    /** For whoever submitted it; needed to reject. */
    readonly reason?: string,
  ) {
    super();
  }
}

@CommandHandler(DecideRun)
export class DecideRunHandler implements ICommandHandler<DecideRun> {
  constructor(
    private readonly database: Database,
    private readonly announcer: RunAnnouncer,
  ) {}

  async execute({ principal, runId, verdict, reason }: DecideRun): Promise<ProcessRun> {
    if (!isUuidV7(runId)) return requireRun(undefined, runId);
    const word = { approve: verdict === 'approve', who: principal.user, reason };
    const decided = await this.database.asSystem(async (manager) => {
      const one = await decideRun(manager, runId, word);
      return one ? [one] : decideArrayRun(manager, runId, word);
    });
    const [first] = decided;
    if (!first) {
      const run = await this.database.asSystem((manager) => findRun(manager, runId));
      const { approval, state } = requireRun(run, runId);
      throw new AppError(
        'conflict',
        'run-not-pending',
        `The run does not wait for approval: it is ${state}${approval ? ` and ${approval}` : ''}.`,
      );
    }
    for (const run of decided) {
      if (run.state === 'failed') this.announcer.moved(run);
      else this.announcer.touched(run);
    }
    return first;
  }
}
