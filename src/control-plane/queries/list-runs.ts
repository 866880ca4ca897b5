import { Query } from '@nestjs/cqrs';
import type { Principal } from '../../shared/principal.js';
import type { ProcessRun, RunState } from '../run/process-run.entity.js';

export interface RunFilter {
  processIds?: string[];
  /** `cancelling` is a running run whose cancel was asked for; it is not among `running` then. */
  states?: (RunState | 'cancelling')[];
  submittedFrom?: Date;
  submittedTo?: Date;
  /** Seconds; a running run lasts until now. Runs that never started are left out when either is given. */
  minDurationSeconds?: number;
  maxDurationSeconds?: number;
  limit: number;
  /** Newest first; the id after which the page begins. */
  after?: string;
}

export interface RunPage {
  runs: ProcessRun[];
  /** The `after` of the next page; absent on the last. */
  next?: string;
}

/** Runs of the caller's tenant, newest first, tombstones left out. */
export class ListRuns extends Query<RunPage> {
  constructor(
    readonly principal: Principal,
    readonly filter: RunFilter,
  ) {
    super();
  }
}
