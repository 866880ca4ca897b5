import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Database } from '../../database/index.js';
import type { Principal } from '../../shared/principal.js';
import { isUuidV7 } from '../../shared/uuid-v7.js';
import { dismissRun } from '../run/dismiss-run.js';
import { findRun, requireRun } from '../run/find-run.js';
import type { ProcessRun } from '../run/process-run.entity.js';
import { requestCancel } from '../run/request-cancel.js';
import { RunAnnouncer } from '../run/run-announcer.js';
import { RunArtifacts } from '../run/run-artifacts.js';
import { LiveAttempts } from '../scheduling/live-attempts.js';

/**
 * A queued run is cancelled at once, a running one gets a final intent, a finished one becomes a tombstone or, with
 * `keep`, stays what it is.
 * Cancelling the same run again answers the same; a tombstone throws AppError `gone`.
 */
export class CancelRun extends Command<ProcessRun> {
  constructor(
    readonly principal: Principal,
    readonly runId: string,
    readonly reason?: string,
    readonly finished: 'dismiss' | 'keep' = 'dismiss',
  ) {
    super();
  }
}

type Cancelled = { run: ProcessRun; how: 'asked' | 'dismissed' | 'before' };

@CommandHandler(CancelRun)
export class CancelRunHandler implements ICommandHandler<CancelRun> {
  constructor(
    private readonly database: Database,
    private readonly live: LiveAttempts,
    private readonly announcer: RunAnnouncer,
    private readonly artifacts: RunArtifacts,
  ) {}

  async execute({ principal, runId, reason, finished }: CancelRun): Promise<ProcessRun> {
    if (!isUuidV7(runId)) return requireRun(undefined, runId);
    const { run, how } = await this.cancel(principal.tenant, { runId, reason, finished });
    if (how === 'dismissed') {
      this.announcer.touched(run);
      await this.artifacts.deleteAll(run);
    }
    if (how === 'asked' && run.state === 'cancelled') this.announcer.moved(run);
    if (how === 'asked' && run.state === 'running') {
      this.live.stop(runId, 'cancelled');
      this.announcer.touched(run);
    }
    return run;
  }

  private cancel(
    tenant: string,
    { runId, reason, finished }: Pick<CancelRun, 'runId' | 'reason' | 'finished'>,
  ): Promise<Cancelled> {
    return this.database.inTenant(tenant, async (manager) => {
      const asked = await requestCancel(manager, runId, reason);
      if (asked) return { run: asked, how: 'asked' };
      const dismissed = finished === 'dismiss' && (await dismissRun(manager, runId));
      if (dismissed) return { run: dismissed, how: 'dismissed' };
      return { run: requireRun(await findRun(manager, runId), runId), how: 'before' };
    });
  }
}
