import { type ArrayCounts, failureOf, type ProcessRun } from '../../control-plane/index.js';
import type { TierName } from '../../registry/index.js';
import { jsonLink, type Link, REL, selfLinks } from './link.js';
import { type Problem, toProblem } from './problem/problem.js';

export const JOB_STATUSES = ['accepted', 'running', 'successful', 'failed', 'dismissed'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/**
 * statusInfo.yaml of version 1.0 and of the draft of 2.0 at once, which has other names for the first two, and the tier
 * that does the work. Members without a value are left out: never null.
 */
export interface StatusInfo {
  jobID: string;
  /** 2.0 */
  id: string;
  processID: string;
  type: 'process';
  /** 2.0 */
  processingEntityType: 'ogc-api-processes';
  status: JobStatus;
  message?: string;
  /** RFC 3339, in UTC. */
  created: string;
  started?: string;
  finished?: string;
  updated: string;
  /** 0 to 100. */
  progress: number;
  executedTier?: TierName;
  /** Beside the standard, of an array of runs: how many, and where they are asked for by their own how they stand. */
  array?: { size: number } & Partial<Omit<ArrayCounts, 'costUnits'>>;
  /** Of one run of an array. */
  parentID?: string;
  index?: number;
  label?: string;
  /** 2.0: why it failed, as asking for its results would tell. */
  exception?: Problem;
  links: Link[];
}

/** What of a run its status tells; a run row has it, and so has a moment of its ledger. */
export type RunStatus = Pick<
  ProcessRun,
  | 'id'
  | 'processId'
  | 'state'
  | 'cancelRequestedAt'
  | 'dismissedAt'
  | 'submittedAt'
  | 'startedAt'
  | 'completedAt'
  | 'updatedAt'
  | 'progress'
  | 'message'
  | 'tier'
  | 'failure'
> &
  Partial<Pick<ProcessRun, 'approval' | 'arraySize' | 'parentRunId' | 'childIndex' | 'childLabel'>>;

const STATUS = {
  queued: 'accepted',
  running: 'running',
  succeeded: 'successful',
  failed: 'failed',
  cancelled: 'dismissed',
} as const;

/** A cancel is final from the moment it was asked for, though the work may take a moment to stop. */
export function jobStatus({ state, cancelRequestedAt, dismissedAt }: RunStatus): JobStatus {
  const cancelling = state === 'running' && cancelRequestedAt !== null;
  return cancelling || dismissedAt !== null ? 'dismissed' : STATUS[state];
}

export const isOver = ({ state }: Pick<ProcessRun, 'state'>): boolean =>
  state !== 'queued' && state !== 'running';

const AWAITS_APPROVAL = 'Process execution awaits approval';

const MESSAGES: Partial<Record<JobStatus, string>> = {
  accepted: 'Process execution scheduled',
  successful: 'Process execution finished',
  failed: 'Process execution failed',
  dismissed: 'Job dismissed',
};

/** `base` is the public root of this service; `counts` are of the children of an array. */
export function statusInfo(run: RunStatus, base: string, counts?: ArrayCounts): StatusInfo {
  const status = jobStatus(run);
  const waits = status === 'accepted' || (status === 'running' && run.arraySize);
  const held = waits && run.approval === 'pending' ? AWAITS_APPROVAL : undefined;
  const message = held ?? (status === 'running' ? run.message : (run.failure?.message ?? MESSAGES[status]));
  return {
    jobID: run.id,
    id: run.id,
    processID: run.processId,
    type: 'process',
    processingEntityType: 'ogc-api-processes',
    status,
    ...(message && { message }),
    created: run.submittedAt.toISOString(),
    ...(run.startedAt && { started: run.startedAt.toISOString() }),
    ...(run.completedAt && { finished: run.completedAt.toISOString() }),
    updated: run.updatedAt.toISOString(),
    progress: run.progress,
    ...(run.tier && { executedTier: run.tier }),
    ...partOfArray(run, counts),
    ...(run.failure && { exception: toProblem(failureOf(run.failure)) }),
    links: [...links(run.id, status, base), ...arrayLinks(run, base)],
  };
}

function partOfArray(
  { arraySize, parentRunId, childIndex, childLabel }: RunStatus,
  counts?: ArrayCounts,
): Pick<StatusInfo, 'array' | 'parentID' | 'index' | 'label'> {
  const { size, queued, running, succeeded, failed, cancelled } = counts ?? {};
  return {
    ...(arraySize && {
      array: counts ? { size: size!, queued, running, succeeded, failed, cancelled } : { size: arraySize },
    }),
    ...(parentRunId && { parentID: parentRunId, index: childIndex! }),
    ...(childLabel && { label: childLabel }),
  };
}

function arrayLinks({ id, arraySize, parentRunId }: RunStatus, base: string): Link[] {
  if (arraySize) return [jsonLink(`${base}/jobs/${id}/children`, 'item', 'The runs of this array')];
  return parentRunId ? [jsonLink(`${base}/jobs/${parentRunId}`, 'collection', 'Its array of runs')] : [];
}

function links(id: string, status: JobStatus, base: string): Link[] {
  const job = `${base}/jobs/${id}`;
  const found = [...selfLinks(job, 'This job'), jsonLink(job, 'monitor', 'Status of the job')];
  if (status === 'successful') found.push(jsonLink(`${job}/results`, REL.results, 'Results'));
  if (status === 'failed') found.push(jsonLink(`${job}/results`, REL.exceptions, 'Why it failed'));
  if (status !== 'dismissed') found.push(jsonLink(job, 'cancel', 'Dismiss the job (DELETE)'));
  if (status === 'accepted' || status === 'running')
    found.push({
      href: `${job}/events`,
      rel: 'alternate',
      type: 'text/event-stream',
      title: 'Progress as it happens',
    });
  found.push(jsonLink(`${job}/provenance`, REL.provenance, 'Where it comes from (PROV-JSON)'));
  found.push(jsonLink(`${base}/jobs`, 'up', 'The job list'));
  return found;
}
