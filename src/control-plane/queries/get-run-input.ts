import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Database } from '../../database/index.js';
import type { RunInput } from '../../execution/index.js';
import { AppError } from '../../shared/app-error.js';
import type { Principal } from '../../shared/principal.js';
import { isUuidV7 } from '../../shared/uuid-v7.js';
import { findRun, requireRun } from '../run/find-run.js';
import { storedInput } from '../run/stored-input.js';

/** The request of a run as it was sent. Throws like GetRun, and `gone` where the request is no longer kept. */
export class GetRunInput extends Query<RunInput> {
  constructor(
    readonly principal: Principal,
    readonly runId: string,
  ) {
    super();
  }
}

@QueryHandler(GetRunInput)
export class GetRunInputHandler implements IQueryHandler<GetRunInput> {
  constructor(private readonly database: Database) {}

  async execute({ principal, runId }: GetRunInput): Promise<RunInput> {
    if (!isUuidV7(runId)) requireRun(undefined, runId);
    return this.database.inTenant(principal.tenant, async (manager) => {
      const run = requireRun(await findRun(manager, runId), runId);
      if (run.input.key) return storedInput(run, null);
      const [row] = (await manager.query('select bytes from process_run_inputs where run_id = $1', [
        runId,
      ])) as { bytes: Buffer<ArrayBuffer> }[];
      if (!row) throw new AppError('gone', 'request-expired', 'The request is no longer kept.');
      return storedInput(run, row.bytes);
    });
  }
}
