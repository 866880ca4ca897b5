/** A server killed in the middle of each step of a job that runs outside of it: the job is adopted, never doubled. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HeldWrite, type HeldWrites, holdWrites } from '../support/held-writes.js';
import { post, submit, untilFinished } from '../support/ogc-client.js';
import { makeWorkerEnvironment, ODD_PROCESS } from '../support/worker-environment.js';
import { type FaultRig, openFaultRig, readLedger } from './fault-rig.js';

const root = resolve(import.meta.dirname, '../..');

let folder: string;
let environment: string;
let rig: FaultRig;
let client: Client;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'honua-steps-'));
  environment = makeWorkerEnvironment();
  cpSync(join(root, 'processes'), join(folder, 'processes'), { recursive: true });
  writeFileSync(join(folder, 'processes', 'odd.yaml'), ODD_PROCESS);
  rig = await openFaultRig(1, {
    Processing__ProcessesFolder: join(folder, 'processes'),
    Processing__CloudBatch__WorkerFolder: environment,
    Processing__CloudBatch__Slots: '2',
    Limits__MaxConcurrentPythonGpu: '2',
  });
  client = new Client(rig.superUrl);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await rig.close();
  for (const one of [folder, environment]) rmSync(one, { recursive: true, force: true });
});

const features = { type: 'Point', coordinates: [7, 46] };
const starts = (mark: string): number[] =>
  existsSync(mark) ? readFileSync(mark, 'utf8').trim().split('\n').map(Number) : [];
const idOf = (job: string): string => job.split('/').at(-1)!;
let marks = 0;

interface Begun {
  job: string;
  mark: string;
}

async function begin(inputs: Record<string, unknown> = {}): Promise<Begun> {
  const mark = join(folder, `mark-${++marks}`);
  return { job: await submit(rig.server.url, 'odd', { inputs: { features, mark, ...inputs } }), mark };
}

async function hold(write: HeldWrite): Promise<HeldWrites> {
  return holdWrites(client, write);
}

/** The one right end: whatever was killed on the way, the same result by one program. */
async function endsRight({ job, mark }: Begun, attempts: number): Promise<void> {
  const now = `${rig.server.url}/jobs/${idOf(job)}`;
  expect(await untilFinished(now)).toMatchObject({ status: 'successful', executedTier: 'cloud-batch' });
  expect(starts(mark)).toHaveLength(1);
  const result = (await (await fetch(`${now}/results/result`)).json()) as { features: object[] };
  expect(result.features).toMatchObject([{ geometry: features }]);
  const { rows } = await client.query<{ attempt: number }>('select attempt from process_runs where id = $1', [
    idOf(job),
  ]);
  expect(rows[0]!.attempt).toBe(attempts);
  expect(await readLedger(rig.superUrl)).toMatchObject({ endedTwice: 0 });
}

describe('a server that is killed', () => {
  it('when the row was written, and nobody has taken it', async () => {
    const held = await hold('claim');
    const begun = await begin();
    await held.met();
    await rig.server.stop('SIGKILL');
    await held.release();
    await rig.killAndRestart();
    await endsRight(begun, 1);
  });

  it('when everything was staged, and the name of the job not yet written down', async () => {
    const held = await hold('handle');
    const begun = await begin();
    await held.met();
    expect(existsSync(join(rig.artifacts, 'jobs', idOf(begun.job), 'inputs.json'))).toBe(true);
    await rig.server.stop('SIGKILL');
    await held.release();
    await rig.killAndRestart();
    await endsRight(begun, 2);
  });

  it('when the name was written down, and the job not yet submitted', async () => {
    const held = await hold('claim');
    const begun = await begin();
    await held.met();
    // What it writes to submit is a pipe that nobody reads: there it stops.
    const attempt = join(rig.artifacts, 'jobs', idOf(begun.job), 'attempts', '1');
    mkdirSync(attempt, { recursive: true });
    execFileSync('mkfifo', [join(attempt, 'job.json.draft')]);
    await held.release();
    const handle = async (): Promise<string | null> => {
      const { rows } = await client.query<{ handle: string | null }>(
        'select tier_handle as handle from process_runs where id = $1',
        [idOf(begun.job)],
      );
      return rows[0]!.handle;
    };
    await expect.poll(handle, { timeout: 15_000 }).not.toBeNull();
    await pause(300);
    expect(starts(begun.mark)).toEqual([]);
    await rig.killAndRestart();
    await endsRight(begun, 2);
  });

  it('when the job was started, and that not yet written down', async () => {
    const until = join(folder, 'until-started');
    const held = await hold('entrust');
    const begun = await begin({ until });
    await held.met();
    await expect.poll(() => starts(begun.mark).length, { timeout: 10_000 }).toBe(1);
    await rig.server.stop('SIGKILL');
    await held.release();
    await rig.killAndRestart();
    writeFileSync(until, '');
    await endsRight(begun, 1);
  });

  it('when the manifest was written, and the program goes on', async () => {
    const after = join(folder, 'after-manifest');
    const begun = await begin({ after });
    const manifest = join(rig.artifacts, 'runs', idOf(begun.job), '1', 'manifest.json');
    await expect.poll(() => existsSync(manifest), { timeout: 15_000 }).toBe(true);
    await rig.server.stop('SIGKILL');
    writeFileSync(after, '');
    await rig.killAndRestart();
    await endsRight(begun, 1);
  });

  it('when the outcome is about to be recorded', async () => {
    const held = await hold('outcome');
    const begun = await begin();
    await held.met();
    await rig.server.stop('SIGKILL');
    await held.release();
    await rig.killAndRestart();
    await endsRight(begun, 1);
  });

  it('as often as one likes, has a row that says what came of it', async () => {
    const reply = await post(
      rig.server.url,
      'odd',
      { inputs: { does: 'exit' } },
      { prefer: 'respond-async' },
    );
    await rig.killAndRestart();
    await rig.killAndRestart();
    const job = `${rig.server.url}/jobs/${idOf(reply.headers.get('location')!)}`;
    expect(await untilFinished(job)).toMatchObject({
      status: 'failed',
      message: 'The worker ended with exit code 7.',
    });
  });
});

describe('a cancel', () => {
  it.each<HeldWrite>(['claim', 'handle', 'entrust', 'outcome'])(
    'while the server is at the %s ends the worker and leaves no result',
    async (write) => {
      const held = await hold(write);
      const begun = await begin({ seconds: write === 'outcome' ? 0 : 30 });
      await held.met();
      const asked = fetch(begun.job, { method: 'DELETE' }); // it waits for the row, where that is held
      await pause(100);
      await held.release();
      expect((await asked).status).toBeLessThan(500);
      const status = await untilFinished(begun.job);
      expect(status.status).toBe('dismissed');
      await expect
        .poll(() => starts(begun.mark).some((pid) => existsSync(`/proc/${pid}`)), { timeout: 8_000 })
        .toBe(false);
      expect((await fetch(`${begun.job}/results`)).status).toBe(410);
      const left = join(rig.artifacts, 'runs', idOf(begun.job), '1');
      await expect.poll(() => existsSync(left), { timeout: 5_000 }).toBe(false);
    },
  );
});
