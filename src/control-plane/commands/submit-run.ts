import { Command } from '@nestjs/cqrs';
import type { RequestOptions, RunInput } from '../../execution/index.js';
import type { Principal } from '../../shared/principal.js';
import type { AdmissionDecision } from '../admission/admission-decision.js';
import type { ProcessRun } from '../run/process-run.entity.js';

export interface SubmitRequest {
  processId: string;
  input: RunInput;
  /** What the caller prefers; the body may also say. */
  mode?: 'sync' | 'async';
  idempotencyKey?: string;
  dryRun?: boolean;
  traceparent?: string;
  /** A header-level choice of outputs, where the protocol has one. */
  signal?: AbortSignal;
}

export type Submission =
  | { kind: 'dry-run'; decision: AdmissionDecision }
  /** `replayed`: an earlier request with the same idempotency key made this run. */
  | { kind: 'run'; run: ProcessRun; request: RequestOptions; replayed: boolean };

/** Admit a request and record its run; a synchronous one is started here, an asynchronous one queued. */
export class SubmitRun extends Command<Submission> {
  constructor(
    readonly principal: Principal,
    readonly request: SubmitRequest,
  ) {
    super();
  }
}
