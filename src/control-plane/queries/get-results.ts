import { Query } from '@nestjs/cqrs';
import type { OutputPayload } from '../../execution/index.js';
import type { Principal } from '../../shared/principal.js';
import type { ProcessRun } from '../run/process-run.entity.js';

export interface RunResults {
  run: ProcessRun;
  outputs: OutputPayload[];
}

/**
 * The outputs of a succeeded run. Throws AppError `not-found`, `gone`, `not-ready` (not finished), or, for a failed
 * run, the kind its failure reason stands for.
 */
export class GetResults extends Query<RunResults> {
  constructor(
    readonly principal: Principal,
    readonly runId: string,
  ) {
    super();
  }
}
