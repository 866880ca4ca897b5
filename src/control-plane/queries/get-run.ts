import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Database } from '../../database/index.js';
import type { Principal } from '../../shared/principal.js';
import { readRun } from '../run/find-run.js';
import type { ProcessRun } from '../run/process-run.entity.js';

/** Throws AppError `not-found` (never was, or another tenant's: indistinguishable) or `gone` (tombstone). */
export class GetRun extends Query<ProcessRun> {
  constructor(
    readonly principal: Principal,
    readonly runId: string,
  ) {
    super();
  }
}

@QueryHandler(GetRun)
export class GetRunHandler implements IQueryHandler<GetRun> {
  constructor(private readonly database: Database) {}

  execute({ principal, runId }: GetRun): Promise<ProcessRun> {
    return readRun(this.database, principal.tenant, runId);
  }
}
