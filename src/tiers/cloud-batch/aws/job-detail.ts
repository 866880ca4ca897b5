import { z } from 'zod';

/** In the order in which a job goes through them. A retried attempt goes back to RUNNABLE. */
const STATES = ['SUBMITTED', 'PENDING', 'RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED', 'FAILED'] as const;

export type JobState = (typeof STATES)[number];

/** Of a job as a whole, or of its last attempt. */
export interface JobContainer {
  /** 0 is an exit code; absent where nobody knows, as of a Spot machine that was taken away. */
  exitCode?: number;
  reason?: string;
  logStreamName?: string;
  /** Where it is not that of AWS Batch itself. */
  logGroup?: string;
}

/** Times are milliseconds since 1970. */
export interface JobAttempt {
  startedAt?: number;
  stoppedAt?: number;
  statusReason?: string;
  container?: JobContainer;
}

/**
 * What AWS Batch tells of a job, in events and where it is asked (DescribeJobs): the part that anybody here reads. The
 * rest, such as its environment and command, is let go.
 */
export interface JobDetail {
  /** A UUID; of a child of an array `{parent}:{index}`. */
  jobId: string;
  jobName: string;
  /** ARN. */
  jobQueue: string;
  status: JobState;
  statusReason?: string;
  /** Those that have ended. */
  attempts: JobAttempt[];
  container?: JobContainer;
  createdAt?: number;
  startedAt?: number;
  stoppedAt?: number;
  /** Not in every event. */
  isCancelled?: boolean;
  isTerminated?: boolean;
  arrayProperties?: { size?: number; index?: number; statusSummary?: Record<string, number> };
  /** Those it was submitted with, and some of AWS. */
  tags?: Record<string, string>;
}

const time = z.number().nonnegative().optional();
const container = z
  .object({
    exitCode: z.int().optional(),
    reason: z.string().optional(),
    logStreamName: z.string().optional(),
    logConfiguration: z.object({ options: z.record(z.string(), z.string()).optional() }).optional(),
  })
  .transform(({ logConfiguration, ...known }): JobContainer => {
    const logGroup = logConfiguration?.options?.['awslogs-group'];
    return { ...known, ...(logGroup !== undefined && { logGroup }) };
  })
  .optional();

const jobDetail = z.object({
  jobId: z.string().min(1).max(128),
  jobName: z.string().min(1).max(128),
  jobQueue: z.string().min(1).max(2048),
  status: z.enum(STATES),
  statusReason: z.string().optional(),
  attempts: z
    .array(z.object({ startedAt: time, stoppedAt: time, statusReason: z.string().optional(), container }))
    .default([]),
  container,
  createdAt: time,
  startedAt: time,
  stoppedAt: time,
  isCancelled: z.boolean().optional(),
  isTerminated: z.boolean().optional(),
  arrayProperties: z
    .object({
      size: z.int().nonnegative().optional(),
      index: z.int().nonnegative().optional(),
      statusSummary: z.record(z.string(), z.int()).optional(),
    })
    .optional(),
  tags: z.record(z.string(), z.string()).optional(),
});

const envelope = z.object({
  source: z.literal('aws.batch'),
  'detail-type': z.string(),
  detail: z.unknown(),
});

const JOB_CHANGED = 'Batch Job State Change';

/** An event that nobody here reads has no detail. */
export interface BatchEvent {
  type: string;
  detail?: JobDetail;
}

/** Reads an event of AWS Batch as EventBridge sends it. Fields that are not known are let go. Throws Error for anything else. */
export function readBatchEvent(text: string): BatchEvent {
  const { 'detail-type': type, detail } = envelope.parse(JSON.parse(text));
  return type === JOB_CHANGED ? { type, detail: readJobDetail(detail) } : { type };
}

/** Throws Error for what is none. */
export const readJobDetail = (value: unknown): JobDetail => jobDetail.parse(value);

export const isTerminal = ({ status }: Pick<JobDetail, 'status'>): boolean =>
  status === 'SUCCEEDED' || status === 'FAILED';

/**
 * How far a job has come, to be compared: negative where `a` is before `b`. Events come late, twice and in any order. Nothing
 * comes after an end; before it attempts count first, as each begins at RUNNABLE again.
 */
export function compareProgress(a: Progress, b: Progress): number {
  const ended = Number(isTerminal(a)) - Number(isTerminal(b));
  return (
    ended || a.attempts.length - b.attempts.length || STATES.indexOf(a.status) - STATES.indexOf(b.status)
  );
}

type Progress = Pick<JobDetail, 'status'> & { attempts: { length: number } };
