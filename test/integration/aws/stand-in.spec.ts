import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Moto, startMoto } from '../../support/moto.js';
import { INSTALL_LIMIT_MS, python } from '../../support/python-worker.js';

const JOBS = 'arn:aws:batch:us-east-1:123456789012:job-queue/honua-geoprocessing-queue';

// What the tests of the AWS parts rest on. Without Python 3.11 or later there is nothing that stands in for AWS.
describe.skipIf(!python)('what stands in for AWS', () => {
  let moto: Moto;
  beforeAll(async () => {
    moto = await startMoto();
  }, INSTALL_LIMIT_MS);
  afterAll(() => moto.stop());

  it('brings what Batch says of one job queue into an SQS queue, and nothing else', async () => {
    const queue = await moto.makeQueue('completions', { maxReceives: 3 });
    await moto.makeBatchRule('honua-batch-job-state-change', queue, JOBS);
    await moto.putBatchEvents([
      { jobId: 'a', jobQueue: JOBS, status: 'SUCCEEDED' },
      { jobId: 'b', jobQueue: `${JOBS}-of-others`, status: 'SUCCEEDED' },
    ]);
    expect(await queue.count()).toEqual({ waiting: 1, taken: 0 });
    const { Messages = [] } = await moto.sqs.send(new ReceiveMessageCommand({ QueueUrl: queue.url }));
    expect(Messages.map(({ Body }) => JSON.parse(Body!))).toMatchObject([
      { source: 'aws.batch', 'detail-type': 'Batch Job State Change', detail: { jobId: 'a' } },
    ]);
    expect(await queue.count()).toEqual({ waiting: 0, taken: 1 });
  });
});
