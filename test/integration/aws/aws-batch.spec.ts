/** AWS Batch for whoever runs commands there, by the real client. */
import 'reflect-metadata';
import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AwsBatch, AwsBatchModule } from '../../../src/aws-batch/index.js';
import { FakeBatch } from '../../support/fake-batch/fake-batch.js';

const SETTINGS = {
  region: 'us-east-1',
  jobQueue: 'plain',
  jobDefinition: 'worker:1',
  logGroupName: '/aws/batch/worker',
};

@Module({ imports: [AwsBatchModule.with(() => SETTINGS)] })
class Alone {}

let fake: FakeBatch;
let app: INestApplicationContext;
let batch: AwsBatch;
beforeEach(async () => {
  fake = await FakeBatch.start({
    queues: { plain: {}, fair: { hasPolicy: true } },
    definitions: { 'worker:1': {} },
    standInFor: ({ container }) =>
      container.command[0] === 'quick' ? async () => ({ exitCode: 0 }) : undefined,
  });
  vi.stubEnv('AWS_ENDPOINT_URL_BATCH', fake.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  app = await NestFactory.createApplicationContext(Alone, { logger: false });
  batch = app.get(AwsBatch);
});
afterEach(async () => {
  await app.close();
  await fake.close();
  vi.unstubAllEnvs();
});

const quick = { jobName: 'one', command: ['quick'] };
const over = (jobId: string): Promise<void> =>
  expect
    .poll(async () => (await batch.describe([jobId]))[0]!.status, { timeout: 8_000 })
    .toMatch(/SUCCEEDED|FAILED/);

it('submits a command, and finds it again', async () => {
  const { jobId, jobName } = await batch.submit({
    ...quick,
    envVars: { HONUA_INPUT_URI: 's3://bucket/key' },
    jobQueue: 'fair',
    shareIdentifier: 'a1',
    cpus: 0.5,
    memoryMiB: 512,
    gpus: 0,
    timeoutSeconds: 90,
    attempts: 3,
    evaluateOnExit: [{ onReason: '*', action: 'EXIT' }],
    tags: { tenant: 'default' },
  });
  expect(jobName).toBe('one');
  await over(jobId);
  expect((await batch.describe([jobId, 'none']))[0]).toMatchObject({
    jobId,
    status: 'SUCCEEDED',
    shareIdentifier: 'a1',
    container: {
      environment: [{ name: 'HONUA_INPUT_URI', value: 's3://bucket/key' }],
      resourceRequirements: [
        { type: 'VCPU', value: '0.5' },
        { type: 'MEMORY', value: '512' },
      ],
    },
    timeout: { attemptDurationSeconds: 90 },
    retryStrategy: { attempts: 3 },
    tags: { tenant: 'default' },
    propagateTags: true,
  });
  expect(await batch.listNamed('one', 'fair')).toMatchObject([{ jobId }]);
  expect(await batch.listNamed('ONE', 'fair')).toEqual([]);
});

it('lists all states, and one where it is named', async () => {
  fake.faults.stuckRunnable = true;
  const waits = await batch.submit(quick);
  fake.faults.stuckRunnable = false;
  const ended = await batch.submit({ ...quick, jobName: 'two' });
  await Promise.all([over(waits.jobId), over(ended.jobId)]);
  const runs = await batch.submit({ jobName: 'three', command: ['/bin/sleep', '30'] });
  await expect.poll(async () => (await batch.describe([runs.jobId]))[0]!.status).toBe('RUNNING');
  expect(new Set((await batch.list()).map(({ jobName }) => jobName))).toEqual(
    new Set(['one', 'two', 'three']),
  );
  expect((await batch.list('plain', { status: 'RUNNING' })).map(({ jobName }) => jobName)).toEqual(['three']);
  expect(await batch.list('plain', { most: 1 })).toHaveLength(1);
});

it('describes any number, 100 at a time', async () => {
  const { jobId } = await batch.submit(quick);
  const many = Array.from({ length: 250 }, (_, at) => `none-${at}`);
  expect(await batch.describe([...many, jobId])).toHaveLength(1);
  expect(fake.calls.describejobs).toBe(3);
});

it('cancels what waits, and terminates what runs, with a reason', async () => {
  const { jobId } = await batch.submit({ jobName: 'long', command: ['/bin/sleep', '30'] });
  await expect.poll(async () => (await batch.describe([jobId]))[0]!.status).toBe('RUNNING');
  await batch.cancel(jobId, 'not wanted');
  expect((await batch.describe([jobId]))[0]).toMatchObject({ status: 'RUNNING' });
  await batch.terminate(jobId, 'not wanted');
  await over(jobId);
  expect((await batch.describe([jobId]))[0]).toMatchObject({ status: 'FAILED', statusReason: 'not wanted' });
  await expect(batch.terminate(jobId, ' ')).rejects.toMatchObject({ fault: 'rejected' });
});

describe('before anything is sent', () => {
  it.each([
    ['a name', { jobName: 'not a name' }, 'is no name'],
    ['an empty command', { command: [] }, 'needs a command'],
    ['a short time', { timeoutSeconds: 59 }, 'timeoutSeconds must be a whole number, 60 at least'],
    ['a broken number', { attempts: 1.5 }, 'attempts must be a whole number from 1 to 10'],
    ['an array of one', { arraySize: 1 }, 'arraySize'],
    [
      'rules without tries',
      { evaluateOnExit: [{ onReason: '*', action: 'EXIT' as const }] },
      'need attempts',
    ],
    ['a share with a hyphen', { shareIdentifier: 'tenant-a' }, 'letters and digits'],
    ['a variable of AWS', { envVars: { AWS_BATCH_JOB_ID: '1' } }, 'own'],
    ['long overrides', { envVars: { LONG: 'x'.repeat(8_200) } }, '8192 are allowed'],
    ['a long request', { tags: { long: 'x'.repeat(31_000) } }, '30720 are allowed'],
  ])('it refuses %s', async (_, more, message) => {
    const refusal = { fault: 'rejected', isAmbiguous: false, message: expect.stringContaining(message) };
    await expect(batch.submit({ ...quick, ...more })).rejects.toMatchObject(refusal);
    expect(fake.calls).toEqual({});
  });

  it('it shows what it would send, in a dry run', () => {
    expect(batch.dryRun({ ...quick, gpus: 1 })).toEqual({
      jobName: 'one',
      jobQueue: 'plain',
      jobDefinition: 'worker:1',
      containerOverrides: {
        command: ['quick'],
        environment: [],
        resourceRequirements: [{ type: 'GPU', value: '1' }],
      },
    });
  });
});

describe('tells apart', () => {
  it('what AWS refuses', async () => {
    const refusal = {
      fault: 'rejected',
      kind: 'invalid-input',
      message: expect.stringContaining('none not found'),
    };
    await expect(batch.submit({ ...quick, jobQueue: 'none' })).rejects.toMatchObject(refusal);
  });

  it('a submission that may have been taken', async () => {
    fake.faults.failAfterAccept = 1;
    await expect(batch.submit(quick)).rejects.toMatchObject({ fault: 'unavailable', isAmbiguous: true });
    expect(fake.calls.submitjob).toBe(1);
    expect(await batch.listNamed('one')).toHaveLength(1);
  });

  it('credentials that are not taken', async () => {
    fake.faults.revoked = true;
    await expect(batch.submit(quick)).rejects.toMatchObject({ fault: 'denied', isAmbiguous: false });
    await expect(batch.describe(['one'])).rejects.toMatchObject({ fault: 'denied', kind: 'unavailable' });
  });

  it('a service that is not there', async () => {
    await fake.close();
    await expect(batch.submit(quick)).rejects.toMatchObject({ fault: 'unavailable', isAmbiguous: false });
  });

  it('too many calls', async () => {
    fake.faults.throttle = 1;
    await expect(batch.submit(quick)).rejects.toMatchObject({ fault: 'throttled', isAmbiguous: false });
    expect(fake.calls.submitjob).toBe(5);
    expect(fake.jobs.size).toBe(0);
  });
});

it('submits as fast as AWS takes it, and no faster', async () => {
  const began = performance.now();
  await Promise.all(Array.from({ length: 120 }, (_, at) => batch.submit({ ...quick, jobName: `job-${at}` })));
  expect(fake.jobs.size).toBe(120);
  expect(fake.calls.submitjob).toBe(120);
  expect(performance.now() - began).toBeLessThan(6_000);
});

it('holds all calls back where it is told that there are too many', async () => {
  fake.faults.throttle = 0.3;
  await Promise.all(Array.from({ length: 40 }, (_, at) => batch.submit({ ...quick, jobName: `job-${at}` })));
  const names = [...fake.jobs.values()].map(({ jobName }) => jobName);
  expect(new Set(names).size).toBe(40);
  expect(names).toHaveLength(40);
});
