/** ListJobs as documented: running ones alone unless a status is named; a filter by name takes all statuses. */
import { clientError } from './documented-limits.js';
import type { FakeJob } from './fake-job.js';

export interface ListRequest {
  jobQueue?: string;
  arrayJobId?: string;
  jobStatus?: string;
  maxResults?: number;
  nextToken?: string;
  filters?: { name?: string; values?: string[] }[];
}

export function listJobs(all: FakeJob[], request: ListRequest): object {
  const { jobQueue, arrayJobId, jobStatus = 'RUNNING', filters = [], nextToken } = request;
  if ((jobQueue === undefined) === (arrayJobId === undefined))
    throw clientError('Exactly one of jobQueue and arrayJobId must be specified.');
  if (filters.length > 1) throw clientError('Only one filter is supported.');
  const [filter] = filters;
  // Children of arrays are listed by their parent alone.
  const here = all.filter((job) =>
    arrayJobId === undefined
      ? job.jobQueue.endsWith(`/${jobQueue}`) && !job.jobId.includes(':')
      : job.jobId.startsWith(`${arrayJobId}:`),
  );
  const found = filter
    ? here.filter((job) => fits(job, filter))
    : here.filter(({ status }) => status === jobStatus);
  const from = Number(nextToken ?? 0);
  const size = Math.min(100, request.maxResults ?? 100);
  const page = found.slice(from, from + size);
  return {
    jobSummaryList: page.map((job) => summary(job, filter !== undefined)),
    ...(from + size < found.length && { nextToken: String(from + size) }),
  };
}

function fits(job: FakeJob, { name, values = [] }: { name?: string; values?: string[] }): boolean {
  if (name !== 'JOB_NAME') throw clientError(`Filter ${name} is not supported here.`);
  return values.some((value) => {
    const wanted = value.toLowerCase();
    const given = job.jobName.toLowerCase();
    return wanted.endsWith('*') ? given.startsWith(wanted.slice(0, -1)) : given === wanted;
  });
}

/** With a filter the reason is left out. */
function summary(job: FakeJob, isFiltered: boolean): object {
  const { jobArn, jobId, jobName, createdAt, startedAt, stoppedAt, status, statusReason, container } = job;
  const { exitCode, reason } = container;
  return {
    jobArn,
    jobId,
    jobName,
    createdAt,
    startedAt,
    stoppedAt,
    status,
    ...(!isFiltered && { statusReason }),
    container: { exitCode, reason },
    jobDefinition: job.jobDefinition,
  };
}
