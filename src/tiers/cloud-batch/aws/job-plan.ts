import { createHash } from 'node:crypto';
import type { JobRequest } from '../../../aws-batch/index.js';
import type { HonuaConfig } from '../../../config/index.js';
import type { BatchJob } from '../batch-provider.js';

/** AWS takes no shorter time. */
const LEAST_SECONDS = 60;
/** Fewer than AWS keeps account of at once in one queue (500), so that tenants may come and go. */
const SHARES = 400;
const TAG_LENGTH = 256;

type Processing = HonuaConfig['processing'];
type CloudBatch = Processing['cloudBatch'];

/** On every job: what bills are split by, and whose it is where nothing but its events is left. */
export const TENANT_TAG = 'tenant';

/**
 * A machine that was taken away is replaced; no other end leads to another try, which the last rule says, because AWS tries
 * again where none fits. What could not be pulled would not be a second time.
 */
const RULES: NonNullable<JobRequest['evaluateOnExit']> = [
  { onStatusReason: 'Host EC2*', action: 'RETRY' },
  { onStatusReason: 'Your Spot Task was interrupted*', action: 'RETRY' },
  { onReason: 'DockerTimeoutError*', action: 'RETRY' },
  { onReason: 'CannotPullContainer*', action: 'EXIT' },
  { onReason: '*', action: 'EXIT' },
];

/** What is asked of AWS for a job, in the queue for GPUs where it needs one and there is one. */
export function planJob(
  job: BatchJob,
  jobName: string,
  { cloudBatch: settings, artifactStore }: Pick<Processing, 'cloudBatch' | 'artifactStore'>,
): JobRequest {
  const { needs, limits, tenant, runId, processId } = job;
  const onGpu = needs.gpus > 0 && settings.gpuJobQueue !== null;
  const ofImage = settings.imageJobDefinitions[job.image];
  return {
    jobName,
    command: job.command,
    envVars: { ...job.environment, ...inS3(job.environment), ...encryptionOf(artifactStore) },
    jobQueue: onGpu ? settings.gpuJobQueue! : settings.jobQueue,
    jobDefinition: ofImage ?? (onGpu ? settings.gpuJobDefinition : null) ?? settings.jobDefinition,
    cpus: Math.ceil(needs.cpus),
    memoryMiB: Math.ceil(needs.memoryMiB),
    ...(onGpu && { gpus: needs.gpus }),
    timeoutSeconds: Math.max(LEAST_SECONDS, Math.ceil(limits.timeoutMs / 1000)),
    attempts: settings.enableSpotInstances ? settings.retryAttempts : 1,
    evaluateOnExit: RULES,
    ...(settings.fairShare && { shareIdentifier: shareOf(tenant) }),
    tags: {
      application: 'honua-geoprocessing',
      [TENANT_TAG]: tenant.slice(0, TAG_LENGTH),
      process: processId.slice(0, TAG_LENGTH),
      run: runId,
    },
  };
}

/** The same in the queue without GPUs. */
export function withoutGpu(request: JobRequest, jobName: string, settings: CloudBatch): JobRequest {
  const { gpus: _, ...rest } = request;
  return { ...rest, jobName, jobQueue: settings.jobQueue, jobDefinition: settings.jobDefinition };
}

/** Letters and digits, of the same length for all: none may begin another. */
export function shareOf(tenant: string): string {
  const number = createHash('sha256').update(tenant).digest().readUInt32BE(0) % SHARES;
  return `t${number.toString(16).padStart(3, '0')}`;
}

/** Buckets and keys by themselves, for programs that read no URIs. */
function inS3(environment: Record<string, string>): Record<string, string> {
  const parts: Record<string, string> = {};
  for (const [name, prefix] of [
    ['HONUA_INPUT_URI', 'INPUT'],
    ['HONUA_OUTPUT_URI', 'OUTPUT'],
  ] as const) {
    const [, bucket, key] = /^s3:\/\/([^/]+)\/(.*)$/.exec(environment[name] ?? '') ?? [];
    if (bucket === undefined) continue;
    parts[`${prefix}_S3_BUCKET`] = bucket;
    parts[`${prefix}_S3_KEY`] = key!;
  }
  return parts;
}

/** As the server encrypts what it writes itself. */
function encryptionOf({
  provider,
  requireServerSideEncryption,
  kmsKeyId,
}: Processing['artifactStore']): Record<string, string> {
  if (provider !== 's3' || !requireServerSideEncryption) return {};
  return { HONUA_S3_ENCRYPTION: 'aws:kms', ...(kmsKeyId !== null && { HONUA_S3_KMS_KEY: kmsKeyId }) };
}
