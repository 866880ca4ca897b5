export { AwsBatch, JOB_STATUSES } from './aws-batch.js';
export { AwsBatchModule } from './aws-batch.module.js';
export { BatchError } from './batch-error.js';
export type { JobRequest } from './job-request.js';
export type { JobDetail, JobSummary } from '@aws-sdk/client-batch';
