import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Database } from '../../database/index.js';
import type { Principal } from '../../shared/principal.js';
import { smallestUuidV7 } from '../../shared/uuid-v7.js';
import { toRun } from '../run/hydrate.js';
import type { ProcessRun, RunState } from '../run/process-run.entity.js';

export interface RunFilter {
  tenants?: string[];
  users?: string[];
  tiers?: string[];
  resourceClasses?: string[];
  surfaces?: string[];
  modes?: string[];
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
  /** Those of arrays are left out: they are listed with their array. */
  withoutChildren?: boolean;
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
    const { text, values } = listStatement({
      ...filter,
      tenants: [principal.tenant],
      withoutChildren: true,
    });
    const rows = (await this.database.inTenant(principal.tenant, (manager) =>
      manager.query(text, values),
    )) as Record<string, unknown>[];
    return toPage(rows, filter);
  }
}

export function toPage(rows: Record<string, unknown>[], { limit }: RunFilter): RunPage {
  const runs = rows.slice(0, limit).map(toRun);
  return { runs, next: rows.length > limit ? runs.at(-1)?.id : undefined };
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

const IS_ONE_OF = {
  tenants: 'tenant_id',
  users: 'user_id',
  tiers: 'tier',
  resourceClasses: 'resource_class',
  surfaces: 'surface',
  modes: 'mode',
  processIds: 'process_id',
} as const satisfies Partial<Record<keyof RunFilter, string>>;

/** One row more than asked for says whether there is a next page. */
export function listStatement(filter: RunFilter): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  const given = (value: unknown): string => `$${values.push(value)}`;
  const conditions = ['dismissed_at is null'];
  if (filter.withoutChildren) conditions.push('parent_run_id is null');
  for (const [name, column] of Object.entries(IS_ONE_OF)) {
    const wanted = filter[name as keyof typeof IS_ONE_OF];
    if (wanted?.length === 1) conditions.push(`${column} = ${given(wanted[0])}`);
    else if (wanted) conditions.push(`${column} = any (${given(wanted)})`);
  }
  const { states, submittedFrom, submittedTo, after } = filter;
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
