import type { ArrayCounts, ChildInfo, JobStatus, Problem, StatusInfo } from '../server/documents.js';

/** A job as it is now: a line of what is watched. */
export interface Change {
  jobID: string;
  processID?: string;
  status: JobStatus;
  /** 0 to 100. */
  progress: number;
  message?: string;
  /** Why it failed. */
  exception?: Problem;
  /** Of the parent of an array run. */
  array?: ArrayCounts;
  /** Of a child of one. */
  parent?: string;
  index?: number;
  label?: string;
}

export const changeOf = ({
  jobID,
  processID,
  status,
  progress,
  message,
  exception,
  array,
}: StatusInfo): Change => ({
  jobID,
  ...(processID && { processID }),
  status,
  progress: progress ?? 0,
  ...(message && { message }),
  ...(exception && { exception }),
  ...(array && { array }),
});

export const changeOfChild = (
  parent: Change,
  { jobID, status, progress, message, index, label }: ChildInfo,
): Change => ({
  jobID,
  ...(parent.processID && { processID: parent.processID }),
  status,
  progress: progress ?? 0,
  ...(message && { message }),
  parent: parent.jobID,
  index,
  ...(label !== undefined && { label }),
});

/** What a watched job is called on a line: a child by its label, or its place. */
export const nameOf = ({ jobID, parent, label, index }: Change): string =>
  parent === undefined ? jobID : (label ?? `#${index}`);

/** `2 running, 20 succeeded, 1 failed of 25`: what there is none of is left out. */
export function countsAsText({ size, ...counts }: ArrayCounts): string {
  const parts = (['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const)
    .filter((state) => counts[state] > 0)
    .map((state) => `${counts[state]} ${state}`);
  return `${parts.join(', ') || 'none'} of ${size}`;
}

export const isSame = (one: Change | undefined, other: Change): boolean =>
  one !== undefined && JSON.stringify(one) === JSON.stringify(other);
