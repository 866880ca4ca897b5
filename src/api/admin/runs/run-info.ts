import type { ProcessRun, RunEvent } from '../../../control-plane/index.js';

/** Everything of a run that an operator may have to know; nothing of what it was given or gave. */
export interface RunInfo {
  id: string;
  tenant: string;
  user: string;
  process: string;
  version: string;
  state: ProcessRun['state'];
  cancelRequested: boolean;
  mode: string;
  surface: string;
  resourceClass: string;
  lane: string;
  tier: string | null;
  worker: string | null;
  attempt: number;
  lostAttempts: number;
  priority: number;
  progress: number;
  message: string | null;
  failure: ProcessRun['failure'];
  decision: ProcessRun['decision'];
  estimatedCostUnits: number;
  costUnits: number | null;
  input: { bytes: number; sha256: string; mediaType: string };
  outputs: { id: string; bytes: number; sha256: string; mediaType: string }[];
  traceId: string | null;
  policyVersion: string | null;
  submittedAt: Date;
  startedAt: Date | null;
  completedAt: Date | null;
  deadlineAt: Date;
}

export const runInfo = (run: ProcessRun): RunInfo => ({
  id: run.id,
  tenant: run.tenant,
  user: run.user,
  process: run.processId,
  version: run.processVersion,
  state: run.state,
  cancelRequested: run.cancelRequestedAt !== null,
  mode: run.mode,
  surface: run.surface,
  resourceClass: run.resourceClass,
  lane: run.lane,
  tier: run.tier,
  worker: run.worker,
  attempt: run.attempt,
  lostAttempts: run.lostAttempts,
  priority: run.priority,
  progress: run.progress,
  message: run.message,
  failure: run.failure,
  decision: run.decision,
  estimatedCostUnits: run.estimatedCostUnits,
  costUnits: run.costUnits,
  input: { bytes: run.input.size, sha256: run.input.sha256, mediaType: run.input.mediaType },
  outputs: (run.outputs ?? []).map(({ id, size, sha256, mediaType }) => ({
    id,
    bytes: size,
    sha256,
    mediaType,
  })),
  traceId: run.traceId,
  policyVersion: run.policyVersion,
  submittedAt: run.submittedAt,
  startedAt: run.startedAt,
  completedAt: run.completedAt,
  deadlineAt: run.deadlineAt,
});

export type LedgerLineInfo = Pick<RunEvent, 'seq' | 'at' | 'kind' | 'attempt' | 'data'>;

export const lineInfo = ({ seq, at, kind, attempt, data }: RunEvent): LedgerLineInfo => ({
  seq,
  at,
  kind,
  attempt,
  data,
});
