import { z } from 'zod';
import { duration, positive } from './value-types.js';

const name = z.string().min(1);

/** Of `processing.cloudBatch`, what the provider `aws-batch` alone reads. */
export const awsBatchSettings = {
  jobQueue: name.describe('aws-batch: where jobs without a GPU wait'),
  jobDefinition: name.describe('aws-batch: `name:revision` of what they are unless they say otherwise'),
  gpuJobQueue: name
    .nullable()
    .describe('aws-batch: where jobs with a GPU wait; without it they run without one, in the other queue'),
  gpuJobDefinition: name
    .nullable()
    .describe('aws-batch: of jobs with a GPU; that of the others where absent'),
  gpuFallsOverToCpu: z
    .boolean()
    .describe('aws-batch: a job that AWS cancelled for want of a GPU is submitted again without one'),
  imageJobDefinitions: z
    .record(name, name)
    .describe('aws-batch: the job definition for each image of the signed manifest that has one of its own'),
  jobBaseName: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/)
    .describe('aws-batch: what the names of jobs begin with'),
  logGroupName: name.describe('aws-batch: log group of jobs whose definition names none'),
  enableCloudWatchLogs: z.boolean().describe('aws-batch: read the end of the log of a job that failed'),
  retryAttempts: positive.max(10).describe('aws-batch: tries of one job, where its machine is taken away'),
  enableSpotInstances: z
    .boolean()
    .describe('aws-batch: machines may be taken away; without it no job is tried again for that'),
  spotMaxPricePercentage: positive
    .max(100)
    .describe('aws-batch: of the price on demand, as it was deployed; for the record'),
  fairShare: z
    .boolean()
    .describe('aws-batch: the queues share fairly, so that each job names the share of its tenant'),
  askAfter: duration.describe('aws-batch: a job of which nothing was heard for so long is asked after'),
};
