import type { RequestOptions, RunInput } from '../../execution/index.js';
import type { ProcessRun } from '../run/process-run.entity.js';
import type { AdmissionDecision } from './admission-decision.js';

export interface SubmitRequest {
  processId: string;
  input: RunInput;
  /** What the caller prefers; the body may also say. */
  mode?: 'sync' | 'async';
  idempotencyKey?: string;
  dryRun?: boolean;
  traceparent?: string;
  /** Public root of the service, for links in what is told of the run later. */
  base?: string;
  /** Aborts when the caller has gone, as long as nothing is recorded yet. */
  signal?: AbortSignal;
}

export type Submission =
  | { kind: 'dry-run'; decision: AdmissionDecision }
  /** `replayed`: an earlier request with the same idempotency key made this run. */
  | { kind: 'run'; run: ProcessRun; request: RequestOptions; replayed: boolean };
