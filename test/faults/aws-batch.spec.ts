/**
 * What becomes of runs on AWS Batch when everything goes wrong that does go wrong there: many jobs, most of them a quick
 * stand-in, some of them the real worker. `HONUA_FAULT_SECONDS` makes it a thousand.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeBatch } from '../support/fake-batch/fake-batch.js';
import type { FakeJob } from '../support/fake-batch/fake-job.js';
import { noFaults } from '../support/fake-batch/fault-knobs.js';
import { eventsToMoto, logToMoto } from '../support/fake-batch/moto-sinks.js';
import type { StandIn } from '../support/fake-batch/run-command.js';
import { type HeldWrite, holdWrites } from '../support/held-writes.js';
import { type Moto, startMoto } from '../support/moto.js';
import { statusOf, submit, untilFinished } from '../support/ogc-client.js';
import { INSTALL_LIMIT_MS, python, root, workerReady } from '../support/python-worker.js';
import { makeWorkerEnvironment, ODD_PROCESS } from '../support/worker-environment.js';
import { type FaultRig, openFaultRig, readLedger } from './fault-rig.js';

const MANY = process.env.HONUA_FAULT_SECONDS ? 1_000 : 100;
const REAL = MANY / 50;
const AT_ONCE = 16;
const KILLED_AFTER_MS = MANY > 100 ? [0, 20, 60, 120, 250, 500, 900] : [20, 250];
/** In the middle of what it writes down: see test/support/held-writes.ts. */
const KILLED_AT: HeldWrite[] = MANY > 100 ? ['claim', 'handle', 'entrust', 'outcome'] : ['handle', 'outcome'];
const LIMIT_MS = MANY * 600;
const EMPTY = Buffer.from('{"type":"FeatureCollection","features":[]}');

/** What the worker would do, without a process: reads the inputs, writes the result, and the manifest if there is none. */
const standIn: StandIn = async ({ environment }) => {
  const { inputs } = JSON.parse(await readFile(fileURLToPath(environment.HONUA_INPUT_URI!), 'utf8')) as {
    inputs: { does: string };
  };
  await pause(10);
  if (inputs.does === 'exit') return { exitCode: 7, log: 'This is why\n' };
  const out = fileURLToPath(environment.HONUA_OUTPUT_URI!);
  const number = environment.AWS_BATCH_JOB_ATTEMPT!;
  const rel = `try-${number}/result.json`;
  await mkdir(join(out, `try-${number}`), { recursive: true });
  await writeFile(join(out, rel), EMPTY);
  const sha256 = createHash('sha256').update(EMPTY).digest('hex');
  const result = { rel, type: 'application/geo+json', size: EMPTY.length, sha256 };
  const manifest =
    inputs.does === 'refuse'
      ? { error: { reason: 'invalid-input', message: 'points: there are none' } }
      : { outputs: { result, seen: { value: inputs } } };
  const draft = join(out, `draft-${number}`);
  await writeFile(draft, JSON.stringify(manifest));
  await link(draft, join(out, 'manifest.json')).catch(() => {});
  await rm(draft);
  return { exitCode: inputs.does === 'refuse' ? 2 : 0 };
};

const ENDS = [
  { does: 'echo', status: 'successful' },
  { does: 'echo', status: 'successful' },
  { does: 'echo', status: 'successful' },
  { does: 'exit', status: 'failed', message: 'exit code 7' },
  { does: 'refuse', status: 'failed', message: 'points: there are none' },
];

describe.skipIf(!python)('runs on AWS Batch', () => {
  let folder: string;
  let environment: string;
  let moto: Moto;
  let fake: FakeBatch;
  let rig: FaultRig;
  let isQuick = true;
  beforeAll(async () => {
    const installed = await workerReady();
    folder = mkdtempSync(join(tmpdir(), 'honua-aws-'));
    const { scripts } = JSON.parse(
      readFileSync(join(installed, 'honua', 'worker-manifest.json'), 'utf8'),
    ) as {
      scripts: object[];
    };
    environment = makeWorkerEnvironment(['odd'], {}, scripts);
    cpSync(join(root, 'processes'), join(folder, 'processes'), { recursive: true });
    writeFileSync(join(folder, 'processes', 'odd.yaml'), ODD_PROCESS);
    moto = await startMoto();
    await moto.makeBatchRule('states', await moto.makeQueue('completions', { maxReceives: 20 }));
    fake = await FakeBatch.start({
      queues: { cpu: { hasPolicy: true } },
      definitions: { 'worker:1': { logGroup: '/aws/batch/worker' } },
      standInFor: ({ tags }) => (isQuick && tags.process === 'odd' ? standIn : undefined),
      // The odd worker and the real one are one program here.
      surroundings: { PATH: `${join(environment, 'either')}:/usr/bin:/bin`, ...moto.environment },
      events: eventsToMoto(moto.endpoint),
      logs: (log) => logToMoto(moto.endpoint, log),
    });
    const either = `#!/bin/sh\ngrep -q '"script":"odd"' "\${HONUA_INPUT_URI#file://}" && exec ${join(environment, 'bin', 'honua-worker')} "$@"\nexec ${join(installed, 'bin', 'honua-worker')} "$@"\n`;
    mkdirSync(join(environment, 'either'));
    writeFileSync(join(environment, 'either', 'honua-worker'), either, { mode: 0o755 });
    rig = await openFaultRig(1, {
      ...moto.environment,
      AWS_ENDPOINT_URL_BATCH: fake.url,
      Processing__ProcessesFolder: join(folder, 'processes'),
      Processing__CloudBatch__Provider: 'aws-batch',
      Processing__CloudBatch__WorkerFolder: environment,
      Processing__CloudBatch__JobQueue: 'cpu',
      Processing__CloudBatch__JobDefinition: 'worker:1',
      Processing__CloudBatch__CompletionQueue: 'completions',
      Processing__CloudBatch__AskAfter: '8s',
      // Long enough for a machine that has all of this to do.
      Scheduling__Lease: '10s',
      Scheduling__RenewEvery: '2s',
      Processing__Tier1Enabled: 'false',
      Processing__Tier2Enabled: 'false',
      Limits__MaxConcurrentPythonGpu: '2000',
      Limits__MaxConcurrentJobs: '2000',
    });
  }, INSTALL_LIMIT_MS);
  afterAll(async () => {
    await rig?.close();
    await fake?.close();
    await moto?.stop();
    for (const one of [folder, environment]) if (one) rmSync(one, { recursive: true, force: true });
  });
  beforeEach(() => {
    Object.assign(fake.faults, noFaults());
    for (const name of Object.keys(fake.calls)) delete fake.calls[name];
    isQuick = true;
  });

  const idOf = (job: string): string => job.split('/').at(-1)!;
  const now = (job: string): string => `${rig.server.url}/jobs/${idOf(job)}`;
  const jobsOf = (job: string): FakeJob[] =>
    [...fake.jobs.values()].filter(({ tags }) => tags.run === idOf(job));
  const odd = (inputs: Record<string, unknown>): Promise<string> => submit(rig.server.url, 'odd', { inputs });
  const real = (): Promise<string> =>
    submit(rig.server.url, 'cluster-kmeans', {
      inputs: {
        k: 2,
        features: {
          type: 'FeatureCollection',
          features: [0, 1, 2, 3].map((at) => ({
            type: 'Feature',
            properties: {},
            geometry: { type: 'Point', coordinates: [at, at % 2] },
          })),
        },
      },
    });

  interface Submitted {
    job: string;
    status: string;
    message?: string;
  }
  async function submitMany(count: number): Promise<Submitted[]> {
    const all: Submitted[] = [];
    const next = Array.from({ length: count }, (_, at) => at).values();
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (const at of next) {
          const { does, status, message } = ENDS[at % ENDS.length]!;
          all.push(
            at < REAL
              ? { job: await real(), status: 'successful' }
              : { job: await odd({ does }), status, message },
          );
        }
      }),
    );
    return all;
  }
  async function expectEnds(all: Submitted[]): Promise<void> {
    for (const { job, status, message } of all) {
      const ended = await untilFinished(now(job), LIMIT_MS);
      expect(ended).toMatchObject({ status, ...(message && { message: expect.stringContaining(message) }) });
    }
  }

  it('ask for nothing while all goes well', async () => {
    await expectEnds(await submitMany(50));
    expect(fake.calls).toEqual({ submitjob: 50 });
  });

  it(
    'end as they should, each submitted once, whatever goes wrong',
    async () => {
      Object.assign(fake.faults, {
        copies: 10,
        drop: 0.05,
        delayMs: 1_500,
        throttle: 0.05,
        failAfterAccept: 0.03,
        failBefore: 0.02,
        reclaim: 0.05,
        noLogStream: 0.2,
      });
      const { endedTwice } = await readLedger(rig.superUrl);
      const all = await submitMany(MANY);
      fake.faults.revoked = true;
      await pause(3_000);
      fake.faults.revoked = false;
      await expectEnds(all);
      const twice = all.map(({ job }) => jobsOf(job)).filter(({ length }) => length !== 1);
      const told = twice.flat().map(({ jobName, createdAt, status, statusReason, attempts }) => {
        const at = new Date(createdAt).toISOString();
        return { jobName, at, status, statusReason, tries: attempts.length };
      });
      const said = rig.server
        .output()
        .split('\n')
        .filter((line) => told.some((one) => line.includes(one.jobName.slice(6, 42))));
      expect({ told, said: said.map((line) => line.slice(0, 300)) }).toEqual({ told: [], said: [] });
      expect(await readLedger(rig.superUrl)).toMatchObject({ endedTwice });
      expect(fake.jobs.size).toBeGreaterThanOrEqual(MANY);
      console.log(
        `honua  ${MANY} jobs: ${JSON.stringify(fake.calls)}, ${fake.events.dropped} events lost, ${[...fake.jobs.values()].filter(({ attempts }) => attempts.length > 1).length} machines taken away`,
      );
      expect(fake.calls.describejobs ?? 0).toBeLessThanOrEqual(0.03 * MANY);
    },
    LIMIT_MS + 60_000,
  );

  describe('of a killed server', { timeout: 180_000 }, () => {
    beforeEach(() => {
      isQuick = false;
    });
    const markFile = (): string => join(folder, `mark-${Math.random().toString(36).slice(2)}`);
    const marks = (file: string): number =>
      existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').length : 0;
    async function expectOnce(job: string, mark: string): Promise<void> {
      expect(await untilFinished(now(job))).toMatchObject({ status: 'successful' });
      expect(jobsOf(job)).toHaveLength(1);
      expect(marks(mark)).toBe(1);
      expect(await (await fetch(`${now(job)}/results?response=document`)).text()).toContain(mark);
    }

    it('are done once, whenever it is killed', async () => {
      const all: { job: string; mark: string }[] = [];
      for (const after of KILLED_AFTER_MS) {
        const mark = markFile();
        all.push({ job: await odd({ seconds: 0.3, mark }), mark });
        await pause(after);
        await rig.killAndRestart();
      }
      for (const { job, mark } of all) await expectOnce(job, mark);
    });

    it.each(KILLED_AT)('are done once, when it is killed at the %s', async (write) => {
      const client = new Client(rig.superUrl);
      await client.connect();
      try {
        const held = await holdWrites(client, write);
        const mark = markFile();
        const job = await odd({ seconds: 0.3, mark });
        await held.met();
        await rig.server.stop('SIGKILL');
        await held.release();
        await rig.killAndRestart();
        await expectOnce(job, mark);
      } finally {
        await client.end();
      }
    });

    it('are found though it never heard that they were taken', async () => {
      const mark = markFile();
      const held = Promise.withResolvers<void>();
      fake.hold = { action: 'submitjob', until: held.promise };
      const job = await odd({ seconds: 2, mark });
      await expect.poll(() => jobsOf(job).length, { timeout: 8_000 }).toBe(1);
      await rig.killAndRestart();
      fake.hold = undefined;
      held.resolve();
      await expectOnce(job, mark);
    });

    it('go on while it is away', async () => {
      const [mark, until] = [markFile(), markFile()];
      const job = await odd({ until, mark });
      await expect.poll(() => marks(mark), { timeout: 15_000 }).toBe(1);
      await rig.server.stop('SIGKILL');
      writeFileSync(until, '');
      await expect.poll(() => jobsOf(job)[0]!.status, { timeout: 10_000 }).toBe('SUCCEEDED');
      await rig.killAndRestart();
      await expectOnce(job, mark);
    });

    it('are ended where somebody wanted that', async () => {
      const mark = markFile();
      const job = await odd({ seconds: 60, mark });
      await expect.poll(() => marks(mark), { timeout: 15_000 }).toBe(1);
      fake.faults.revoked = true;
      await fetch(now(job), { method: 'DELETE' });
      await rig.killAndRestart();
      fake.faults.revoked = false;
      await expect
        .poll(() => jobsOf(job)[0], { timeout: 15_000 })
        .toMatchObject({ status: 'FAILED', isTerminated: true });
      expect(await statusOf(now(job))).toMatchObject({ status: 'dismissed' });
    });

    it('go on while it is shut down', async () => {
      const [mark, until] = [markFile(), markFile()];
      const job = await odd({ until, mark });
      await expect.poll(() => marks(mark), { timeout: 15_000 }).toBe(1);
      await rig.server.stop('SIGTERM');
      expect(jobsOf(job)).toMatchObject([{ status: 'RUNNING', isTerminated: false }]);
      await rig.killAndRestart();
      writeFileSync(until, '');
      await expectOnce(job, mark);
    });
  });
});
