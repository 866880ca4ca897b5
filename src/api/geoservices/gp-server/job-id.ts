import { AppError } from '../../../shared/app-error.js';
import { isUuidV7 } from '../../../shared/uuid-v7.js';

/** `j` and the 32 digits of the run's id, as clients know job ids. */
export const jobIdOf = (runId: string): string => `j${runId.replaceAll('-', '')}`;

/** The run behind a job id; the id of the run itself is taken too. What cannot be one was never a job. */
export function runIdOf(jobId: string): string {
  const digits = /^j?([0-9a-f]{32})$/i.exec(jobId.replaceAll('-', ''))?.[1]?.toLowerCase();
  const id = digits?.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  if (id === undefined || !isUuidV7(id))
    throw new AppError('not-found', 'run-not-found', 'There is no such job.');
  return id;
}
