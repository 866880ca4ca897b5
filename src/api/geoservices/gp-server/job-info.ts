import type { ArrayCounts, ProcessRun, RunEvent } from '../../../control-plane/index.js';
import { publishedNames } from '../../../execution-adapter/index.js';
import type { ProcessDefinition } from '../../../registry/index.js';
import { jobIdOf } from './job-id.js';
import { type GpMessage, messagesOf } from './messages.js';

export type JobStatus =
  | 'esriJobSubmitted'
  | 'esriJobExecuting'
  | 'esriJobSucceeded'
  | 'esriJobFailed'
  | 'esriJobTimedOut'
  | 'esriJobCancelling'
  | 'esriJobCancelled';

export interface JobInfo {
  jobId: string;
  jobStatus: JobStatus;
  /** Always there: clients list its members without looking first. */
  results: Record<string, { paramUrl: string }>;
  inputs: Record<string, { paramUrl: string }>;
  messages: GpMessage[];
  progress?: { type: 'default' | 'step'; message: string; percent?: number };
  /** Beside the specification, of an array of jobs: how its jobs stand. */
  array?: Omit<ArrayCounts, 'costUnits'> & { childrenUrl: string };
}

type StatusOf = Pick<ProcessRun, 'state' | 'cancelRequestedAt' | 'failure'>;

/**
 * One of the words that clients know; for any other they would ask for ever. From an accepted cancel on a job reads
 * Cancelling until it reads Cancelled, never Executing again.
 */
export function jobStatus({ state, cancelRequestedAt, failure }: StatusOf): JobStatus {
  switch (state) {
    case 'queued':
      return 'esriJobSubmitted';
    case 'running':
      return cancelRequestedAt === null ? 'esriJobExecuting' : 'esriJobCancelling';
    case 'succeeded':
      return 'esriJobSucceeded';
    case 'failed':
      return failure?.reason === 'timeout' ? 'esriJobTimedOut' : 'esriJobFailed';
    case 'cancelled':
      return 'esriJobCancelled';
  }
}

/** URLs of parameters are relative to the job's: clients put them together themselves. */
export function jobInfo(
  run: ProcessRun,
  events: RunEvent[],
  definition: ProcessDefinition,
  counts?: ArrayCounts,
): JobInfo {
  const status = jobStatus(run);
  const names = publishedNames(definition);
  const urls = (folder: string, of: { name: string }[]): JobInfo['results'] =>
    Object.fromEntries(of.map(({ name }) => [name, { paramUrl: `${folder}/${name}` }]));
  return {
    jobId: jobIdOf(run.id),
    jobStatus: status,
    // The results of an array are those of its jobs.
    results: status === 'esriJobSucceeded' && !counts ? urls('results', names.outputs) : {},
    inputs: urls('inputs', names.inputs),
    messages: messagesOf(events),
    ...(status === 'esriJobExecuting' && {
      progress: { type: 'step', message: run.message ?? 'Executing', percent: run.progress },
    }),
    ...(counts && { array: arrayOf(counts) }),
  };
}

function arrayOf({ size, queued, running, succeeded, failed, cancelled }: ArrayCounts): JobInfo['array'] {
  return { size, queued, running, succeeded, failed, cancelled, childrenUrl: 'children' };
}

/** One job of an array. */
export interface ChildInfo {
  index: number;
  label?: string;
  jobId: string;
  jobStatus: JobStatus;
  progress: number;
  message?: string;
}

export const childInfo = (run: ProcessRun): ChildInfo => ({
  index: run.childIndex!,
  ...(run.childLabel && { label: run.childLabel }),
  jobId: jobIdOf(run.id),
  jobStatus: jobStatus(run),
  progress: run.progress,
  ...((run.failure?.message ?? run.message) && { message: run.failure?.message ?? run.message! }),
});
