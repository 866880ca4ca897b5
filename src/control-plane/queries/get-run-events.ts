import { Query } from '@nestjs/cqrs';
import type { Principal } from '../../shared/principal.js';
import type { RunEvent } from '../auditing/run-event.entity.js';

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
