import { Command } from '@nestjs/cqrs';
import type { Principal } from '../../shared/principal.js';
import type { ProcessRun } from '../run/process-run.entity.js';

/**
 * A queued run is cancelled at once, a running one gets a final intent, a finished one becomes a tombstone.
 * Cancelling the same run again answers the same; a tombstone throws AppError `gone`.
 */
export class CancelRun extends Command<ProcessRun> {
  constructor(
    readonly principal: Principal,
    readonly runId: string,
    readonly reason?: string,
  ) {
    super();
  }
}
