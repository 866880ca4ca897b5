/** Runs as jobs of AWS Batch, told of by events. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FakeJob } from '../../support/fake-batch/fake-job.js';
import { noFaults } from '../../support/fake-batch/fault-knobs.js';
import { type BatchServer, startBatchServer } from '../../support/batch-server.js';
import { type Moto, startMoto } from '../../support/moto.js';
import { INSTALL_LIMIT_MS } from '../../support/python-worker.js';
import { submit, untilFinished } from '../../support/ogc-client.js';

let server: BatchServer;
let folder: string;
let moto: Moto;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'honua-marks-'));
  moto = await startMoto();
  server = await startBatchServer(moto.endpoint, {
    Processing__CloudBatch__AskAfter: '3s',
    Processing__CloudBatch__GpuJobQueue: 'gpu',
    Processing__CloudBatch__GpuJobDefinition: 'gpu:1',
  });
}, INSTALL_LIMIT_MS);
afterAll(async () => {
  await server?.close();
  await moto?.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  Object.assign(server.fake.faults, noFaults());
  for (const name of Object.keys(server.fake.calls)) delete server.fake.calls[name];
});

const odd = (inputs: Record<string, unknown>): Promise<string> => submit(server.url, 'odd', { inputs });
const idOf = (job: string): string => job.split('/').at(-1)!;
const jobsOf = (job: string): FakeJob[] =>
  [...server.fake.jobs.values()].filter(({ jobName }) => jobName.includes(idOf(job)));
const markFile = (): string => join(folder, Math.random().toString(36).slice(2));
const marks = (file: string): number => readFileSync(file, 'utf8').trim().split('\n').length;

it('ends as it ends by a worker of this machine, and asks for nothing', async () => {
  const began = performance.now();
  const job = await odd({});
  expect(await untilFinished(job)).toMatchObject({ status: 'successful', executedTier: 'cloud-batch' });
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(server.fake.calls).toEqual({ submitjob: 1 });
  const [submitted] = jobsOf(job);
  expect(submitted).toMatchObject({
    jobName: `honua-${idOf(job)}-1`,
    timeout: { attemptDurationSeconds: 60 },
    retryStrategy: { attempts: 3 },
    propagateTags: true,
    tags: { application: 'honua-geoprocessing', tenant: 'default', process: 'odd', run: idOf(job) },
    shareIdentifier: expect.stringMatching(/^t[0-9a-f]{3}$/),
    container: {
      command: ['honua-worker', 'run'],
      resourceRequirements: [
        { type: 'VCPU', value: '1' },
        { type: 'MEMORY', value: '1024' },
      ],
    },
  });
  const { environment } = submitted!.container;
  expect(new Set(environment.map(({ name }) => name))).toEqual(
    new Set(['JOB_ID', 'HONUA_INPUT_URI', 'HONUA_OUTPUT_URI']),
  );
  expect(JSON.stringify(submitted)).not.toContain('echo');
});

it.each([
  ['that exits', { does: 'exit' }, 'The worker ended with exit code 7.'],
  ['that says nothing', { does: 'vanish' }, 'The worker ended without a result.'],
  ['that refuses', { does: 'refuse' }, 'points: there are none'],
  ['that lies about its result', { does: 'lie' }, 'not what its manifest says'],
])('a worker %s fails with the reason', async (_, inputs, message) => {
  expect(await untilFinished(await odd(inputs))).toMatchObject({
    status: 'failed',
    message: expect.stringContaining(message),
  });
});

describe('the log of a job that failed', () => {
  it('is kept with its run', async () => {
    const job = await odd({ does: 'exit' });
    expect(await untilFinished(job)).toMatchObject({ status: 'failed' });
    expect(await (await fetch(`${job}/logs`)).text()).toContain('This is why');
  });

  it('hides no reason where there is none', async () => {
    server.fake.faults.noLogStream = 1;
    const job = await odd({ does: 'exit' });
    expect(await untilFinished(job)).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('The worker ended with exit code 7.'),
    });
    expect(await (await fetch(`${job}/logs`)).text()).toBe('');
  });
});

it('tells why AWS ended a job', async () => {
  const job = await odd({ seconds: 30 });
  await expect.poll(() => jobsOf(job)[0]?.status, { timeout: 8_000 }).toBe('RUNNING');
  server.fake.terminate(jobsOf(job)[0]!.jobId, 'Of an operator');
  expect(await untilFinished(job)).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('The worker was ended: Of an operator'),
  });
});

it('a cancel terminates the job', async () => {
  const mark = markFile();
  const job = await odd({ seconds: 60, mark });
  await expect.poll(() => jobsOf(job)[0]?.status, { timeout: 8_000 }).toBe('RUNNING');
  await fetch(job, { method: 'DELETE' });
  expect(await untilFinished(job)).toMatchObject({ status: 'dismissed' });
  await expect
    .poll(() => jobsOf(job)[0], { timeout: 8_000 })
    .toMatchObject({ status: 'FAILED', isTerminated: true });
  expect(server.fake.calls).toMatchObject({ submitjob: 1, terminatejob: 1 });
  expect(server.fake.calls.describejobs).toBeUndefined();
});

it('a job that waits for a machine can be cancelled', async () => {
  server.fake.faults.stuckRunnable = true;
  const job = await odd({});
  await expect.poll(() => jobsOf(job)[0]?.status, { timeout: 8_000 }).toBe('RUNNABLE');
  await fetch(job, { method: 'DELETE' });
  expect(await untilFinished(job)).toMatchObject({ status: 'dismissed' });
});

it('a try whose machine is taken away is followed by another', async () => {
  server.fake.faults.reclaim = 1;
  const job = await odd({ seconds: 1 });
  expect(await untilFinished(job)).toMatchObject({ status: 'successful' });
  const [ended] = jobsOf(job);
  expect(ended!.attempts).toHaveLength(2);
});

it('events that come ten times and in any order end a run once', async () => {
  Object.assign(server.fake.faults, { copies: 10, delayMs: 300 });
  const all = await Promise.all(
    Array.from({ length: 8 }, (_, at) => odd({ does: at % 2 ? 'echo' : 'exit' })),
  );
  const ends = await Promise.all(all.map((one) => untilFinished(one)));
  expect(ends.map(({ status }) => status)).toEqual(all.map((_, at) => (at % 2 ? 'successful' : 'failed')));
  expect(server.fake.calls.submitjob).toBe(8);
});

it('a job whose events are lost is asked after', async () => {
  server.fake.faults.drop = 1;
  const all = await Promise.all(Array.from({ length: 5 }, () => odd({})));
  const ends = await Promise.all(all.map((one) => untilFinished(one)));
  expect(ends.map(({ status }) => status)).toEqual(all.map(() => 'successful'));
  expect(server.fake.calls.describejobs).toBeLessThanOrEqual(3);
});

it('the manifest of a job that AWS has forgotten decides', async () => {
  Object.assign(server.fake.faults, { drop: 1, vanish: true });
  expect(await untilFinished(await odd({}))).toMatchObject({ status: 'successful' });
  expect(server.fake.calls.submitjob).toBe(1);
});

describe('a job that needs a GPU', () => {
  const gpuOdd = (): Promise<string> => submit(server.url, 'odd-gpu', { inputs: {} });

  it('waits in the queue for GPUs', async () => {
    const job = await gpuOdd();
    expect(await untilFinished(job)).toMatchObject({ status: 'successful' });
    expect(jobsOf(job)).toMatchObject([
      {
        jobQueue: expect.stringMatching(/job-queue\/gpu$/),
        jobDefinition: expect.stringMatching(/gpu:1$/),
        container: { resourceRequirements: expect.arrayContaining([{ type: 'GPU', value: '1' }]) },
      },
    ]);
  });

  it('goes on without one where there is none to be had', async () => {
    server.fake.faults.stuckRunnable = true;
    const job = await gpuOdd();
    await expect.poll(() => jobsOf(job)[0]?.status, { timeout: 8_000 }).toBe('RUNNABLE');
    server.fake.faults.stuckRunnable = false;
    server.fake.terminate(jobsOf(job)[0]!.jobId, 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY');
    expect(await untilFinished(job)).toMatchObject({ status: 'successful' });
    const [gpu, cpu, ...more] = jobsOf(job);
    expect(more).toEqual([]);
    expect(gpu!.status).toBe('FAILED');
    expect(cpu).toMatchObject({
      jobName: `${gpu!.jobName}-cpu`,
      jobQueue: expect.stringMatching(/job-queue\/cpu$/),
      shareIdentifier: gpu!.shareIdentifier,
      timeout: gpu!.timeout,
    });
    expect(cpu!.container.resourceRequirements.map(({ type }) => type)).toEqual(['VCPU', 'MEMORY']);
  });
});

describe('submitting', () => {
  it('adopts a job that was taken though the answer says it was not', async () => {
    server.fake.faults.failAfterAccept = 1;
    server.fake.faults.drop = 1;
    const job = await odd({ seconds: 1 });
    await expect.poll(() => server.fake.calls.submitjob, { timeout: 8_000 }).toBe(1);
    await expect.poll(() => server.fake.calls.listjobs, { timeout: 8_000 }).toBeGreaterThanOrEqual(1);
    server.fake.faults.failAfterAccept = 0;
    expect(await untilFinished(job)).toMatchObject({ status: 'successful' });
    expect(jobsOf(job)).toHaveLength(1);
  });

  it('waits while the credentials are worth nothing', async () => {
    server.fake.faults.revoked = true;
    const job = await odd({});
    await expect.poll(() => server.fake.calls.submitjob, { timeout: 8_000 }).toBeGreaterThanOrEqual(1);
    server.fake.faults.revoked = false;
    expect(await untilFinished(job)).toMatchObject({ status: 'successful' });
    expect(jobsOf(job)).toHaveLength(1);
  });

  it('slows down where it is told to', async () => {
    server.fake.faults.throttle = 0.3;
    const all = await Promise.all(Array.from({ length: 10 }, () => odd({})));
    const ends = await Promise.all(all.map((one) => untilFinished(one)));
    expect(ends.map(({ status }) => status)).toEqual(all.map(() => 'successful'));
    for (const job of all) expect(jobsOf(job)).toHaveLength(1);
  });
});

it('a mark is made once', async () => {
  const mark = markFile();
  writeFileSync(mark, '');
  await untilFinished(await odd({ mark }));
  expect(marks(mark)).toBe(1);
});
