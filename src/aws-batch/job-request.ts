/** A job as it is asked for, and the request for it, measured before it is sent: AWS takes some of what it fails later. */
import type { EvaluateOnExit, SubmitJobCommandInput } from '@aws-sdk/client-batch';
import { rejected } from './batch-error.js';

export interface JobRequest {
  /** Letters, digits, hyphens and underscores, 128 at most. */
  jobName: string;
  command: string[];
  /** Names and URIs only: everybody sees them who may see the job. */
  envVars?: Record<string, string>;
  /** The configured ones where absent. */
  jobQueue?: string;
  jobDefinition?: string;
  /** Those of the job definition where absent. */
  cpus?: number;
  memoryMiB?: number;
  gpus?: number;
  /** Of one try, from when it starts; 60 at least. */
  timeoutSeconds?: number;
  /** Tries, 10 at most, and which ends lead to another. */
  attempts?: number;
  evaluateOnExit?: EvaluateOnExit[];
  /** Letters and digits; needed where, and only where, the queue shares fairly. */
  shareIdentifier?: string;
  /** Copied to what the job uses, for the bill. */
  tags?: Record<string, string>;
  /** 2 to 10,000 children instead of one job. */
  arraySize?: number;
}

const LONGEST_OVERRIDES = 8_192;
const MOST_PAYLOAD_BYTES = 30 * 1024;
const MOST_TAGS = 50;
const MOST_RULES = 5;
const JOB_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

/** Throws BatchError `rejected` for what AWS would refuse, or take and fail. */
export function submitRequest(
  job: JobRequest,
  defaults: { jobQueue: string; jobDefinition: string },
): SubmitJobCommandInput {
  check(job);
  const resourceRequirements = [
    ...need('VCPU', job.cpus),
    ...need('MEMORY', job.memoryMiB),
    ...need('GPU', job.gpus === 0 ? undefined : job.gpus),
  ];
  const containerOverrides = {
    command: job.command,
    environment: Object.entries(job.envVars ?? {}).map(([name, value]) => ({ name, value })),
    ...(resourceRequirements.length > 0 && { resourceRequirements }),
  };
  const request: SubmitJobCommandInput = {
    jobName: job.jobName,
    jobQueue: job.jobQueue ?? defaults.jobQueue,
    jobDefinition: job.jobDefinition ?? defaults.jobDefinition,
    containerOverrides,
    ...(job.timeoutSeconds !== undefined && { timeout: { attemptDurationSeconds: job.timeoutSeconds } }),
    ...(job.attempts !== undefined && {
      retryStrategy: { attempts: job.attempts, evaluateOnExit: job.evaluateOnExit },
    }),
    ...(job.shareIdentifier !== undefined && { shareIdentifier: job.shareIdentifier }),
    ...(job.arraySize !== undefined && { arrayProperties: { size: job.arraySize } }),
    ...(job.tags && { tags: job.tags, propagateTags: true }),
  };
  const length = JSON.stringify(containerOverrides).length;
  if (length > LONGEST_OVERRIDES)
    throw rejected(`Command and environment have ${length} characters; ${LONGEST_OVERRIDES} are allowed.`);
  const bytes = Buffer.byteLength(JSON.stringify(request));
  if (bytes > MOST_PAYLOAD_BYTES)
    throw rejected(`The request has ${bytes} bytes; ${MOST_PAYLOAD_BYTES} are allowed.`);
  return request;
}

const need = (
  type: 'VCPU' | 'MEMORY' | 'GPU',
  amount: number | undefined,
): { type: 'VCPU' | 'MEMORY' | 'GPU'; value: string }[] =>
  amount === undefined ? [] : [{ type, value: String(amount) }];

function check(job: JobRequest): void {
  const { attempts, arraySize, timeoutSeconds, shareIdentifier, evaluateOnExit = [] } = job;
  if (!JOB_NAME.test(job.jobName)) throw rejected(`'${job.jobName.slice(0, 200)}' is no name for a job.`);
  if (job.command.length === 0) throw rejected('A job needs a command.');
  within('attempts', attempts, 1, 10);
  within('arraySize', arraySize, 2, 10_000);
  within('timeoutSeconds', timeoutSeconds, 60, Infinity);
  if (evaluateOnExit.length > MOST_RULES)
    throw rejected(`At most ${MOST_RULES} rules for another try are allowed.`);
  if (evaluateOnExit.length > 0 && attempts === undefined)
    throw rejected('Rules for another try need attempts.');
  if (shareIdentifier !== undefined && !/^[A-Za-z0-9]{1,255}$/.test(shareIdentifier))
    throw rejected('A share identifier is made of letters and digits, 255 at most.');
  if (Object.keys(job.tags ?? {}).length > MOST_TAGS)
    throw rejected(`At most ${MOST_TAGS} tags are allowed.`);
  const reserved = Object.keys(job.envVars ?? {}).find((name) => name.startsWith('AWS_BATCH'));
  if (reserved !== undefined) throw rejected(`The variable ${reserved} is AWS Batch's own.`);
}

function within(name: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
  throw rejected(
    most === Infinity
      ? `${name} must be a whole number, ${least} at least.`
      : `${name} must be a whole number from ${least} to ${most}.`,
  );
}
