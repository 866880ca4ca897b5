import { Query } from '@nestjs/cqrs';
import type { Principal } from '../../shared/principal.js';
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
