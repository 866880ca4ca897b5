import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Database } from '../../database/index.js';
import type { Principal } from '../../shared/principal.js';
import { isUuidV7 } from '../../shared/uuid-v7.js';
import type { RunEvent } from '../auditing/run-event.entity.js';
import { findRun, requireRun } from '../run/find-run.js';
import { toRunEvent } from '../run/hydrate.js';

/** The ledger of one run after `afterSeq`, in order. Throws like GetRun. */
export class GetRunEvents extends Query<RunEvent[]> {
  constructor(
    readonly principal: Principal,
    readonly runId: string,
    readonly afterSeq: number,
  ) {
    super();
  }
}

@QueryHandler(GetRunEvents)
export class GetRunEventsHandler implements IQueryHandler<GetRunEvents> {
  constructor(private readonly database: Database) {}

  async execute({ principal, runId, afterSeq }: GetRunEvents): Promise<RunEvent[]> {
    if (!isUuidV7(runId)) requireRun(undefined, runId);
    return this.database.inTenant(principal.tenant, async (manager) => {
      requireRun(await findRun(manager, runId), runId);
      const rows = (await manager.query(
        'select * from process_run_events where run_id = $1 and seq > $2 order by seq',
        [runId, afterSeq],
      )) as Record<string, unknown>[];
      return rows.map(toRunEvent);
    });
  }
}
