import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Database } from '../../database/index.js';
import type { Principal } from '../../shared/principal.js';
import { isUuidV7 } from '../../shared/uuid-v7.js';
import { dismissChildren, dismissRun } from '../run/dismiss-run.js';
import { findRun, requireRun } from '../run/find-run.js';
import type { ProcessRun } from '../run/process-run.entity.js';
import { cancelChildren, requestCancel } from '../run/request-cancel.js';
import { RunAnnouncer } from '../run/run-announcer.js';
import { RunArtifacts } from '../run/run-artifacts.js';
import { LiveAttempts } from '../scheduling/live-attempts.js';

/**
 * A queued run is cancelled at once, a running one gets a final intent, a finished one becomes a tombstone or, with
 * `keep`, stays what it is. What holds for an array run holds for all its children.
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

/** `children`: of an array run, those that were moved with it. */
type Cancelled = { run: ProcessRun; how: 'asked' | 'dismissed' | 'before'; children: ProcessRun[] };

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
    const { run, how, children } = await this.cancel(principal.tenant, { runId, reason, finished });
    for (const one of [run, ...children]) {
      if (how === 'dismissed') {
        this.announcer.touched(one);
        await this.artifacts.deleteAll(one);
      }
      if (how === 'asked' && one.state === 'cancelled') this.announcer.moved(one);
      if (how === 'asked' && one.state === 'running') {
        this.live.stop(one.id, 'cancelled');
        this.announcer.touched(one);
      }
    }
    return run;
  }

  private cancel(
    tenant: string,
    { runId, reason, finished }: Pick<CancelRun, 'runId' | 'reason' | 'finished'>,
  ): Promise<Cancelled> {
    return this.database.inTenant(tenant, async (manager) => {
      const asked = await requestCancel(manager, runId, reason);
      if (asked) {
        const children = asked.arraySize === null ? [] : await cancelChildren(manager, runId, reason);
        return { run: asked, how: 'asked', children };
      }
      const dismissed = finished === 'dismiss' && (await dismissRun(manager, runId));
      if (dismissed) {
        const children = dismissed.arraySize === null ? [] : await dismissChildren(manager, runId);
        return { run: dismissed, how: 'dismissed', children };
      }
      return { run: requireRun(await findRun(manager, runId), runId), how: 'before', children: [] };
    });
  }
}
