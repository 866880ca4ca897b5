/** What becomes of programs outside of the server when it is killed, when they are, and when somebody wants them to stop. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withClient } from '../../launcher/private-cluster.ts';
import { statusOf, submit, untilFinished } from '../support/ogc-client.js';
import { makeWorkerEnvironment, ODD_PROCESS } from '../support/worker-environment.js';
import { type FaultRig, openFaultRig, readLedger } from './fault-rig.js';

const root = resolve(import.meta.dirname, '../..');

let folder: string;
let environment: string;
let rig: FaultRig;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'honua-batch-'));
  environment = makeWorkerEnvironment();
  cpSync(join(root, 'processes'), join(folder, 'processes'), { recursive: true });
  writeFileSync(join(folder, 'processes', 'odd.yaml'), ODD_PROCESS);
  const brief = ODD_PROCESS.replace('id: odd', 'id: odd-brief').replace('PythonGpu', 'CpuBurst');
  writeFileSync(join(folder, 'processes', 'odd-brief.yaml'), brief);
  rig = await openFaultRig(1, {
    Processing__ProcessesFolder: join(folder, 'processes'),
    Processing__CloudBatch__WorkerFolder: environment,
    Processing__CloudBatch__Slots: '4',
    Processing__CloudBatch__LogBytes: '128KiB',
    Processing__CloudBatch__Memory: '256MiB',
    ResourceClasses__CpuBurst__MaxExecutionTime: '3s',
    Limits__MaxConcurrentPythonGpu: '4',
    Limits__MaxArtifactSizeBytes: '64MiB',
  });
});
afterAll(async () => {
  await rig.close();
  for (const one of [folder, environment]) rmSync(one, { recursive: true, force: true });
});

const markFile = (): string => join(folder, `mark-${Math.random().toString(36).slice(2)}`);
const marks = (mark: string): number[] =>
  existsSync(mark) ? readFileSync(mark, 'utf8').trim().split('\n').map(Number) : [];
const lives = (pid: number): boolean => existsSync(`/proc/${pid}`);
const odd = (inputs: Record<string, unknown>): Promise<string> => submit(rig.server.url, 'odd', { inputs });
const now = (job: string): string => `${rig.server.url}/jobs/${job.split('/').at(-1)}`;

async function started(mark: string): Promise<number> {
  await expect.poll(() => marks(mark).length, { timeout: 15_000 }).toBe(1);
  return marks(mark)[0]!;
}

describe('a killed server', () => {
  it('finds a job again that goes on, and its result', async () => {
    const mark = markFile();
    const until = markFile();
    const job = await odd({ until, mark });
    const pid = await started(mark);
    await rig.killAndRestart();
    expect(lives(pid)).toBe(true);
    writeFileSync(until, '');
    const status = await untilFinished(now(job));
    expect(status).toMatchObject({ status: 'successful', executedTier: 'cloud-batch' });
    expect(marks(mark)).toHaveLength(1);
    expect(await (await fetch(`${now(job)}/results?response=document`)).text()).toContain('until');
  });

  it('finds the result of a job that ended meanwhile', async () => {
    const mark = markFile();
    const job = await odd({ seconds: 1, mark });
    const pid = await started(mark);
    await rig.server.stop('SIGKILL');
    await expect.poll(() => lives(pid), { timeout: 10_000 }).toBe(false);
    await pause(500);
    await rig.killAndRestart();
    expect(await untilFinished(now(job))).toMatchObject({ status: 'successful' });
    expect(marks(mark)).toHaveLength(1);
  });

  it('never runs a job twice, whenever it is killed', async () => {
    const all: { job: string; mark: string }[] = [];
    for (const after of [0, 20, 60, 120, 250, 500]) {
      const mark = markFile();
      all.push({ job: await odd({ seconds: 1, mark }), mark });
      await pause(after);
      await rig.killAndRestart();
    }
    for (const { job, mark } of all) {
      expect(await untilFinished(now(job))).toMatchObject({ status: 'successful' });
      expect(marks(mark)).toHaveLength(1);
    }
    expect(await readLedger(rig.superUrl)).toMatchObject({ endedTwice: 0 });
  });
});

describe('a worker', () => {
  it.each([
    ['that exits', { does: 'exit' }, 'The worker ended with exit code 7.', 'This is why'],
    ['that says nothing', { does: 'vanish' }, 'The worker ended without a result.', 'It vanishs'],
    ['that refuses', { does: 'refuse' }, 'points: there are none', undefined],
    ['that lies about its result', { does: 'lie' }, 'not what its manifest says', undefined],
    ['that talks without end', { does: 'talk' }, 'The worker wrote more than it may.', 'no end of talk'],
    ['that fills the disk', { does: 'write' }, 'The worker wrote more than it may.', undefined],
    ['that fills the memory', { does: 'fill' }, 'The worker needed more memory than it may have.', undefined],
  ])('%s fails with the reason and the end of its log', async (_, inputs, message, tail) => {
    const job = await odd(inputs);
    const status = await untilFinished(job);
    expect(status.status).toBe('failed');
    expect(status.message).toContain(message);
    const log = await fetch(`${job}/logs`);
    expect(log.headers.get('honua-log-complete')).toBe('true');
    if (tail) expect(await log.text()).toContain(tail);
  });

  it('that hangs is ended when its time is over', async () => {
    const mark = markFile();
    const job = await submit(rig.server.url, 'odd-brief', { inputs: { does: 'ignore', mark } });
    expect(await untilFinished(job)).toMatchObject({
      status: 'failed',
      message: 'Job exceeded timeout limit',
    });
    expect(lives(marks(mark)[0]!)).toBe(false);
  });

  it('that is killed fails', async () => {
    const mark = markFile();
    const job = await odd({ seconds: 30, mark });
    process.kill(await started(mark), 'SIGKILL');
    expect(await untilFinished(job)).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('SIGKILL'),
    });
  });
});

describe('a cancel', () => {
  it.each(['echo', 'ignore'])('ends a worker that would %s, and leaves nothing', async (does) => {
    const mark = markFile();
    const job = await odd({ does, seconds: does === 'echo' ? 30 : 0, mark });
    const pid = await started(mark);
    await fetch(job, { method: 'DELETE' });
    expect(await untilFinished(job)).toMatchObject({ status: 'dismissed' });
    await expect.poll(() => lives(pid), { timeout: 8_000 }).toBe(false);
  });

  it('that comes while the server is away is heard of', async () => {
    const mark = markFile();
    const job = await odd({ seconds: 60, mark });
    const pid = await started(mark);
    await rig.addServer();
    await rig.server.stop('SIGKILL');
    await fetch(`${rig.servers[1]!.url}/jobs/${job.split('/').at(-1)}`, { method: 'DELETE' });
    await expect.poll(() => lives(pid), { timeout: 8_000 }).toBe(false);
    await rig.killAndRestart();
    expect(await statusOf(now(job))).toMatchObject({ status: 'dismissed' });
    // Nobody was told of its end: what it used until then counts all the same.
    const used = await withClient(rig.superUrl, (client) =>
      client.query<{ wall: number }>('select wall_ms as wall from process_runs where id = $1', [
        job.split('/').at(-1),
      ]),
    );
    expect(used.rows[0]!.wall).toBeGreaterThan(0);
  });

  it('that comes before its worker starts leaves none', async () => {
    for (const after of [0, 30, 80, 150, 250]) {
      const mark = markFile();
      const job = await odd({ seconds: 30, mark });
      await pause(after);
      await fetch(job, { method: 'DELETE' });
      expect(await untilFinished(job)).toMatchObject({ status: 'dismissed' });
      await expect.poll(() => marks(mark).some(lives), { timeout: 8_000 }).toBe(false);
    }
  });
});

it('leaves nothing staged behind', async () => {
  const [artifacts] = [rig.artifacts];
  await expect.poll(() => readdirSync(join(artifacts, 'jobs')), { timeout: 5_000 }).toEqual([]);
});
