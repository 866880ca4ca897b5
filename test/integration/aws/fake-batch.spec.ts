/** The stand-in for AWS Batch does what AWS documents, as the real client sees it. */
import {
  BatchClient,
  CancelJobCommand,
  DescribeJobsCommand,
  ListJobsCommand,
  SubmitJobCommand,
  TerminateJobCommand,
} from '@aws-sdk/client-batch';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BatchEvent } from '../../support/fake-batch/event-delivery.js';
import { FakeBatch, type FakeBatchOptions } from '../../support/fake-batch/fake-batch.js';

let fake: FakeBatch;
let client: BatchClient;
let events: BatchEvent[];
let logs: { group: string; stream: string; text: string }[];

async function start(options: Partial<FakeBatchOptions> = {}): Promise<void> {
  events = [];
  logs = [];
  fake = await FakeBatch.start({
    queues: { plain: {}, fair: { hasPolicy: true } },
    definitions: { 'worker:1': { logGroup: '/aws/batch/worker' } },
    events: (event) => void events.push(event),
    logs: async (log) => void logs.push(log),
    ...options,
  });
  client = new BatchClient({
    region: 'us-east-1',
    endpoint: fake.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
}
beforeEach(() => start());
afterEach(async () => {
  client.destroy();
  await fake.close();
});

const shell = (script: string): string[] => ['/bin/sh', '-c', script];
const submit = async (
  command: string[],
  more: Partial<ConstructorParameters<typeof SubmitJobCommand>[0]> = {},
): Promise<string> => {
  const { jobId } = await client.send(
    new SubmitJobCommand({
      jobName: 'one',
      jobQueue: 'plain',
      jobDefinition: 'worker:1',
      ...more,
      containerOverrides: { command, ...more.containerOverrides },
    }),
  );
  return jobId!;
};
const job = async (id: string) => {
  const { jobs } = await client.send(new DescribeJobsCommand({ jobs: [id] }));
  return jobs![0];
};
const over = async (id: string) => {
  await expect.poll(async () => (await job(id))!.status, { timeout: 10_000 }).toMatch(/SUCCEEDED|FAILED/);
  return (await job(id))!;
};

it('runs a command in the environment of its container, and tells of each state', async () => {
  const environment = [{ name: 'GREETING', value: 'hello' }];
  const id = await submit(shell('echo $GREETING $AWS_BATCH_JOB_ID $AWS_BATCH_JOB_ATTEMPT'), {
    containerOverrides: { environment },
  });
  const ended = await over(id);
  expect(ended).toMatchObject({ status: 'SUCCEEDED', container: { exitCode: 0 } });
  expect(logs).toEqual([
    { group: '/aws/batch/worker', stream: ended.container!.logStreamName, text: `hello ${id} 1\n` },
  ]);
  expect(events.map(({ detail }) => (detail as { status: string }).status)).toEqual([
    'RUNNABLE',
    'STARTING',
    'RUNNING',
    'SUCCEEDED',
  ]);
});

it('tells of an exit code that is not 0', async () => {
  expect(await over(await submit(shell('exit 7')))).toMatchObject({
    status: 'FAILED',
    container: { exitCode: 7 },
  });
});

describe('refuses', () => {
  const rules = Array.from({ length: 6 }, () => ({ onReason: '*', action: 'EXIT' as const }));
  it.each([
    ['a bad name', { jobName: 'bad name!!' }, 'Job name'],
    ['a queue that is not there', { jobQueue: 'none' }, 'JobQueue none not found'],
    ['a definition that is not there', { jobDefinition: 'worker:9' }, 'JobDefinition worker:9 not found'],
    ['a short time', { timeout: { attemptDurationSeconds: 59 } }, 'at least 60'],
    ['many tries', { retryStrategy: { attempts: 11 } }, 'between 1 and 10'],
    ['six rules', { retryStrategy: { attempts: 2, evaluateOnExit: rules } }, 'At most 5'],
    ['a share without a policy', { shareIdentifier: 'a' }, 'cannot be specified'],
    ['a policy without a share', { jobQueue: 'fair' }, 'must be specified'],
    ['a share with a hyphen', { jobQueue: 'fair', shareIdentifier: 'tenant-a' }, 'alphanumeric'],
    ['an array of one', { arrayProperties: { size: 1 } }, 'between 2 and 10000'],
    ['too many bytes', { parameters: { a: 'x'.repeat(31_000) } }, 'over 30 KiB'],
  ])('%s', async (_, more, message) => {
    await expect(submit(['true'], more)).rejects.toMatchObject({
      name: 'ClientException',
      message: expect.stringContaining(message),
    });
  });
});

it('accepts too many overrides, and fails their job', async () => {
  const environment = [{ name: 'LONG', value: 'x'.repeat(9_000) }];
  expect(await over(await submit(['true'], { containerOverrides: { environment } }))).toMatchObject({
    status: 'FAILED',
    statusReason: 'Container Overrides length must be at most 8192',
  });
});

it('tries again as the rules say', async () => {
  fake.faults.reclaim = 1;
  const rules = [
    { onStatusReason: 'Host EC2*', action: 'RETRY' as const },
    { onReason: '*', action: 'EXIT' as const },
  ];
  const retryStrategy = { attempts: 3, evaluateOnExit: rules };
  const reclaimed = await over(
    await submit(shell('sleep 1; exit $((AWS_BATCH_JOB_ATTEMPT - 2))'), { retryStrategy }),
  );
  expect(reclaimed.status).toBe('SUCCEEDED');
  expect(reclaimed.attempts).toHaveLength(2);
  expect(reclaimed.attempts![0]!.statusReason).toMatch(/^Host EC2 \(instance i-0\w+\) terminated\.$/);
  expect(reclaimed.attempts![0]!.container!.exitCode).toBeUndefined();
  fake.faults.reclaim = 0;
  expect((await over(await submit(shell('exit 1'), { retryStrategy }))).attempts).toHaveLength(1);
  // No rule matches: again, until that was the last.
  const retry = { attempts: 2, evaluateOnExit: rules.slice(0, 1) };
  expect((await over(await submit(shell('exit 1'), { retryStrategy: retry }))).attempts).toHaveLength(2);
});

it('ends what runs by terminating it, and does not by cancelling it', async () => {
  const id = await submit(shell('sleep 30'));
  await expect.poll(async () => (await job(id))!.status).toBe('RUNNING');
  await client.send(new CancelJobCommand({ jobId: id, reason: 'not wanted' }));
  expect(await job(id)).toMatchObject({ status: 'RUNNING' });
  await client.send(new TerminateJobCommand({ jobId: id, reason: 'not wanted' }));
  expect(await over(id)).toMatchObject({ status: 'FAILED', statusReason: 'not wanted', isTerminated: true });
});

it('cancels what waits for a machine', async () => {
  fake.faults.stuckRunnable = true;
  const id = await submit(shell('true'));
  await expect.poll(async () => (await job(id))!.status).toBe('RUNNABLE');
  await client.send(new CancelJobCommand({ jobId: id, reason: 'not wanted' }));
  expect(await over(id)).toMatchObject({ isCancelled: true, statusReason: 'not wanted' });
});

it('lists by name in any state and case, else those that run', async () => {
  const id = await submit(['/bin/true'], { jobName: 'Some-Name' });
  await over(id);
  const list = async (more: object) => {
    const { jobSummaryList } = await client.send(new ListJobsCommand({ jobQueue: 'plain', ...more }));
    return jobSummaryList!.map(({ jobId }) => jobId);
  };
  expect(await list({})).toEqual([]);
  expect(await list({ jobStatus: 'SUCCEEDED' })).toEqual([id]);
  expect(await list({ filters: [{ name: 'JOB_NAME', values: ['some-NAME'] }] })).toEqual([id]);
  expect(await list({ filters: [{ name: 'JOB_NAME', values: ['some*'] }] })).toEqual([id]);
  expect(await list({ filters: [{ name: 'JOB_NAME', values: ['som'] }] })).toEqual([]);
});

it('describes up to 100 jobs, and says nothing of those it does not know', async () => {
  const { jobs } = await client.send(new DescribeJobsCommand({ jobs: ['none'] }));
  expect(jobs).toEqual([]);
  const many = Array.from({ length: 101 }, (_, at) => String(at));
  await expect(client.send(new DescribeJobsCommand({ jobs: many }))).rejects.toThrow('Between 1 and 100');
});

it('runs an array as children by their numbers', async () => {
  const id = await submit(shell('exit $((AWS_BATCH_JOB_ARRAY_INDEX / 2))'), { arrayProperties: { size: 3 } });
  const parent = await over(id);
  expect(parent).toMatchObject({
    status: 'FAILED',
    arrayProperties: { size: 3, statusSummary: { SUCCEEDED: 2, FAILED: 1 } },
  });
  expect(await job(`${id}:1`)).toMatchObject({ status: 'SUCCEEDED', arrayProperties: { index: 1 } });
});

it('answers more than 50 submissions in a second with 429', async () => {
  await client.config.credentials();
  const answers = await Promise.allSettled(
    Array.from({ length: 70 }, () => submit(['/bin/true'], { jobQueue: 'none' })),
  );
  const names = answers.map((one) => (one.status === 'rejected' ? (one.reason as Error).name : 'none'));
  expect(names.filter((name) => name === 'TooManyRequestsException')).toHaveLength(20);
});

it('loses answers, events, streams and credentials on demand', async () => {
  fake.faults.failAfterAccept = 1;
  await expect(submit(['/bin/true'])).rejects.toMatchObject({ name: 'ServerException' });
  expect(fake.named('one')).toHaveLength(1);
  fake.faults.failAfterAccept = 0;
  fake.faults.noLogStream = 1;
  fake.faults.copies = 10;
  const from = events.length;
  const id = await submit(['/bin/true']);
  expect((await over(id)).container!.logStreamName).toBeUndefined();
  await fake.events.settled();
  expect(events.slice(from).filter(({ detail }) => (detail as { jobId: string }).jobId === id)).toHaveLength(
    40,
  );
  fake.faults.vanish = true;
  expect(await job(id)).toBeUndefined();
  fake.faults.revoked = true;
  await expect(job(id)).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
});
