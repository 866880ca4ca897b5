import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Database } from '../../database/index.js';
import type { Principal } from '../../shared/principal.js';
import { findRun, requireRun } from '../run/find-run.js';
import type { ProcessRun } from '../run/process-run.entity.js';

/** A run of any tenant, for operators. Throws like GetRun. */
export class FindRun extends Query<ProcessRun> {
  constructor(
    readonly principal: Principal,
    readonly runId: string,
  ) {
    super();
  }
}

@QueryHandler(FindRun)
export class FindRunHandler implements IQueryHandler<FindRun> {
  constructor(private readonly database: Database) {}

  async execute({ runId }: FindRun): Promise<ProcessRun> {
    return requireRun(await this.database.asSystem((manager) => findRun(manager, runId)), runId);
  }
}
