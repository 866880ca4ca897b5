import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Database } from '../../database/index.js';
import { AppError } from '../../shared/app-error.js';
import type { Principal } from '../../shared/principal.js';
import { type ArrayCounts, boundsOf, countChildren } from '../run/array-children.js';
import { readRun } from '../run/find-run.js';
import { toRun } from '../run/hydrate.js';
import type { ProcessRun, RunState } from '../run/process-run.entity.js';

/** How the children of an array run stand; undefined for a run that is none. */
export class GetArray extends Query<ArrayCounts | undefined> {
  constructor(
    readonly principal: Principal,
    readonly run: ProcessRun,
  ) {
    super();
  }
}

@QueryHandler(GetArray)
export class GetArrayHandler implements IQueryHandler<GetArray> {
  constructor(private readonly database: Database) {}

  async execute({ principal, run }: GetArray): Promise<ArrayCounts | undefined> {
    if (run.arraySize === null) return undefined;
    return this.database.inTenant(principal.tenant, (manager) => countChildren(manager, run));
  }
}

export interface ChildFilter {
  states?: RunState[];
  limit: number;
  offset: number;
}

export interface ChildPage {
  array: ProcessRun;
  /** By their place in the array. */
  children: ProcessRun[];
  /** Of these states, on all pages. */
  matched: number;
}

/** The children of an array run. Throws like GetRun, and `not-found` for a run that has none. */
export class ListChildren extends Query<ChildPage> {
  constructor(
    readonly principal: Principal,
    readonly runId: string,
    readonly filter: ChildFilter,
  ) {
    super();
  }
}

@QueryHandler(ListChildren)
export class ListChildrenHandler implements IQueryHandler<ListChildren> {
  constructor(private readonly database: Database) {}

  async execute({ principal, runId, filter }: ListChildren): Promise<ChildPage> {
    const array = await readRun(this.database, principal.tenant, runId);
    if (array.arraySize === null)
      throw new AppError('not-found', 'no-array', 'The run is one run, and not an array of them.');
    const { floor, ceil } = boundsOf(array.id);
    const { states = null, limit, offset } = filter;
    return this.database.inTenant(principal.tenant, async (manager) => {
      const of = `parent_run_id = $1 and id >= $2 and id < $3 and ($4::text[] is null or state = any ($4))`;
      const some = [array.id, floor, ceil, states];
      const rows = (await manager.query(
        `select * from process_runs where ${of} order by child_index limit $5 offset $6`,
        [...some, limit, offset],
      )) as Record<string, unknown>[];
      const [{ matched }] = (await manager.query(
        `select count(*)::int as matched from process_runs where ${of}`,
        some,
      )) as [{ matched: number }];
      return { array, children: rows.map(toRun), matched };
    });
  }
}
