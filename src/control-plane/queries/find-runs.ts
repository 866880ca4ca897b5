import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Database } from '../../database/index.js';
import type { Principal } from '../../shared/principal.js';
import { listStatement, type RunFilter, type RunPage, toPage } from './list-runs.js';

/** Runs of any tenant, newest first, for operators. */
export class FindRuns extends Query<RunPage> {
  constructor(
    readonly principal: Principal,
    readonly filter: RunFilter,
  ) {
    super();
  }
}

@QueryHandler(FindRuns)
export class FindRunsHandler implements IQueryHandler<FindRuns> {
  constructor(private readonly database: Database) {}

  async execute({ filter }: FindRuns): Promise<RunPage> {
    const { text, values } = listStatement(filter);
    const rows = await this.database.asSystem((manager) =>
      manager.query<Record<string, unknown>[]>(text, values),
    );
    return toPage(rows, filter);
  }
}
