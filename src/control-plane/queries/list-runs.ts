import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Database } from '../../database/index.js';
import type { Principal } from '../../shared/principal.js';
import { smallestUuidV7 } from '../../shared/uuid-v7.js';
import { toRun } from '../run/hydrate.js';
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

@QueryHandler(ListRuns)
export class ListRunsHandler implements IQueryHandler<ListRuns> {
  constructor(private readonly database: Database) {}

  async execute({ principal, filter }: ListRuns): Promise<RunPage> {
    const { text, values } = listStatement(principal.tenant, filter);
    const rows = (await this.database.inTenant(principal.tenant, (manager) =>
      manager.query(text, values),
    )) as Record<string, unknown>[];
    const runs = rows.slice(0, filter.limit).map(toRun);
    return { runs, next: rows.length > filter.limit ? runs.at(-1)?.id : undefined };
  }
}

const DURATION = 'extract(epoch from coalesce(completed_at, clock_timestamp()) - started_at)';

const OF_STATE: Record<RunState | 'cancelling', string> = {
  queued: `state = 'queued'`,
  running: `(state = 'running' and cancel_requested_at is null)`,
  cancelling: `(state = 'running' and cancel_requested_at is not null)`,
  succeeded: `state = 'succeeded'`,
  failed: `state = 'failed'`,
  cancelled: `state = 'cancelled'`,
};

/** One row more than asked for says whether there is a next page. */
export function listStatement(tenant: string, filter: RunFilter): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  const given = (value: unknown): string => `$${values.push(value)}`;
  const conditions = [`tenant_id = ${given(tenant)}`, 'dismissed_at is null'];
  const { processIds, states, submittedFrom, submittedTo, after } = filter;
  if (processIds) conditions.push(`process_id = any (${given(processIds)})`);
  if (states) conditions.push(`(${states.map((state) => OF_STATE[state]).join(' or ') || 'false'})`);
  // Ids carry the time they were submitted at, to the millisecond, and partitions are told apart by them.
  if (submittedFrom) conditions.push(`id >= ${given(idAt(submittedFrom.getTime()))}`);
  if (submittedTo) conditions.push(`id < ${given(idAt(submittedTo.getTime() + 1))}`);
  if (after) conditions.push(`id < ${given(after)}`);
  const { minDurationSeconds: min, maxDurationSeconds: max } = filter;
  if (min !== undefined) conditions.push(`${DURATION} >= ${given(min)}`);
  if (max !== undefined) conditions.push(`${DURATION} <= ${given(max)}`);
  return {
    text: `select * from process_runs where ${conditions.join(' and ')} order by id desc limit ${given(filter.limit + 1)}`,
    values,
  };
}

const LAST_MS = 2 ** 48 - 1;

/** Any date is a bound, also one that no id can carry. */
const idAt = (ms: number): string => smallestUuidV7(new Date(Math.min(Math.max(ms, 0), LAST_MS)));
