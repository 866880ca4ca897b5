import { z } from 'zod';
import { awsBatchSettings } from './aws-batch-settings.js';
import { byteSize, count, positive } from './value-types.js';

const BATCH_PROVIDERS = ['local', 'aws-batch'];

export const cloudBatch = z
  .strictObject({
    provider: z
      .string()
      .refine(
        (name) => BATCH_PROVIDERS.includes(name),
        `must be one of ${BATCH_PROVIDERS.join(', ')}: no other provider is built`,
      )
      .describe('who runs the workers'),
    region: z.string().describe('aws-batch: the AWS region of all that is named here'),
    completionQueue: z
      .string()
      .nullable()
      .describe('aws-batch: name or URL of the SQS queue that gets what AWS Batch tells of its jobs'),
    snsTopicArn: z
      .string()
      .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]+$/, 'the ARN of a topic of Amazon SNS')
      .nullable()
      .describe(
        'aws-batch: the one topic whose messages are taken by /api/geoprocessing/webhooks/batch-complete',
      ),
    inputBucket: z.string().describe('aws-batch: S3 bucket of what jobs read'),
    outputBucket: z.string().describe('aws-batch: S3 bucket of what jobs write, and of all other artifacts'),
    s3RetentionDays: positive.describe('aws-batch: tag of what was staged for jobs, for lifecycle rules'),
    defaultTimeoutSeconds: positive.describe('longest time of one attempt'),
    workerFolder: z
      .string()
      .describe('local: the environment that the Python worker is installed in, with its signed manifest'),
    workerKeyFile: z
      .string()
      .nullable()
      .describe('local: the public key that signed the manifest; that beside it where absent'),
    secretsFolder: z
      .string()
      .nullable()
      .describe('local: the folder with a file for each secret that a command may ask for by its name'),
    slots: count.describe('local: jobs at once on this machine; 0: half of the processors, at least 1'),
    memory: byteSize.describe('local: of one job'),
    logBytes: byteSize.describe('of one attempt, kept from its output'),
    ...awsBatchSettings,
  })
  .describe('the cloud-batch tier, which runs workers outside of the server');
