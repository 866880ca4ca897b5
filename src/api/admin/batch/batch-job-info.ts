import type { JobDetail, JobSummary } from '../../../aws-batch/index.js';

/** A job of AWS Batch. Times are RFC 3339. */
export interface BatchJobInfo {
  jobId: string;
  jobName: string;
  status: string;
  statusReason?: string;
  exitCode?: number;
  created?: string;
  started?: string;
  stopped?: string;
  /** Of one that was asked for by its id. */
  jobQueue?: string;
  jobDefinition?: string;
  attempts?: number;
  command?: string[];
  tags?: Record<string, string>;
}

const timeOf = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : new Date(ms).toISOString();

export const summaryInfo = (job: JobSummary): BatchJobInfo => ({
  jobId: job.jobId!,
  jobName: job.jobName!,
  status: job.status!,
  statusReason: job.statusReason,
  exitCode: job.container?.exitCode,
  created: timeOf(job.createdAt),
  started: timeOf(job.startedAt),
  stopped: timeOf(job.stoppedAt),
});

/** Without its environment, which may be long. */
export const detailInfo = (job: JobDetail): BatchJobInfo => ({
  jobId: job.jobId!,
  jobName: job.jobName!,
  status: job.status!,
  statusReason: job.statusReason,
  exitCode: job.container?.exitCode,
  created: timeOf(job.createdAt),
  started: timeOf(job.startedAt),
  stopped: timeOf(job.stoppedAt),
  jobQueue: job.jobQueue,
  jobDefinition: job.jobDefinition,
  attempts: job.attempts?.length ?? 0,
  command: job.container?.command,
  tags: job.tags,
});

const text = { type: 'string' };
const time = { type: 'string', format: 'date-time' };

export const BATCH_JOB = {
  type: 'object',
  required: ['jobId', 'jobName', 'status'],
  properties: {
    jobId: text,
    jobName: text,
    status: text,
    statusReason: text,
    exitCode: { type: 'integer' },
    created: time,
    started: time,
    stopped: time,
    jobQueue: text,
    jobDefinition: text,
    attempts: { type: 'integer', description: 'That have ended' },
    command: { type: 'array', items: text },
    tags: { type: 'object', additionalProperties: text },
  },
};
