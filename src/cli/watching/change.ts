import type { JobStatus, Problem, StatusInfo } from '../server/documents.js';

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
}

export const changeOf = ({ jobID, processID, status, progress, message, exception }: StatusInfo): Change => ({
  jobID,
  ...(processID && { processID }),
  status,
  progress: progress ?? 0,
  ...(message && { message }),
  ...(exception && { exception }),
});

export const isSame = (one: Change | undefined, other: Change): boolean =>
  one !== undefined && JSON.stringify(one) === JSON.stringify(other);
