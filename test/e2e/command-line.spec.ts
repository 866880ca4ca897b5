/** The command `honua` as a process of its own, against servers that are processes of their own. */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { ADMIN_KEY, asOperator, REQUIRED, tenantWithKey } from '../support/identities.js';
import { statusOf } from '../support/ogc-client.js';
import { type SpawnedServer, spawnServer } from '../support/spawned-server.js';

const COMMAND = resolve(import.meta.dirname, '../../dist/src/cli/honua.js');
const MEBIBYTE = 1024 * 1024;
const POINT = '{"type":"Point","coordinates":[7,51]}';
const JOB_ID = /[0-9a-f]{8}-[0-9a-f-]{27}/;

const folder = mkdtempSync(join(tmpdir(), 'honua-command-'));
let database: TestDatabase;
let server: SpawnedServer;
/** A fixed port: a server that comes back is where it was. A short lease: what a killed one ran is soon taken over. */
let settings: Record<string, string>;

beforeAll(async () => {
  database = await createTestDatabase();
  settings = {
    DATABASE_URL: database.url,
    PORT: String(await freePort()),
    Processing__ArtifactStore__Folder: join(folder, 'artifacts'),
    Scheduling__Lease: '3s',
    Scheduling__RenewEvery: '1s',
    Scheduling__SweepEvery: '500ms',
  };
  server = await spawnServer(settings);
  writeFileSync(join(folder, 'harbours.geojson'), POINT);
});
afterAll(async () => {
  await server.stop('SIGTERM');
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  holder.close();
  await once(holder, 'close');
  return port;
}

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

interface Running {
  process: ChildProcess;
  stdout(): string;
  ended: Promise<Ended>;
}

/** Nothing of the tester's own environment is in it. */
function start(args: string[], env: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, HONUA_SERVER: server.url, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
  return { process: child, stdout: () => stdout, ended };
}

/** The most that a process has had in memory (proc(5)); 0 once it is gone. */
function peakBytes(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

const honua = (...args: string[]): Promise<Ended> => start(args).ended;
const inFolder = (name: string): string => readFileSync(join(folder, name), 'utf8');

async function submitted(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await honua('run', 'echo', '--async', ...args);
  expect(code, stderr).toBe(0);
  return stdout.trim();
}

/** No end of the command shows where in the program it happened. */
const expectNoStack = ({ stderr }: Ended): void => expect(stderr).not.toMatch(/\n\s+at /);

describe('processes', () => {
  it('are listed, and one is described', async () => {
    const list = await honua('processes');
    expect(list.code, list.stderr).toBe(0);
    expect(list.stdout).toMatch(/^buffer {2,}2\.0\.0 {2}Buffer$/m);
    const { stdout } = await honua('processes', 'buffer');
    expect(stdout).toMatch(/^ {2}distance +quantity +required/m);
    expect(stdout).toMatch(/^ {2}segments +integer +default 16/m);
  });

  it('are JSON for programs, all of them', async () => {
    const all = JSON.parse((await honua('processes', '--json')).stdout) as { id: string }[];
    const answer = await fetch(`${server.url}/processes?limit=1000`);
    const { processes } = (await answer.json()) as { processes: { id: string }[] };
    expect(all.map(({ id }) => id)).toEqual(processes.map(({ id }) => id));
    expect(JSON.parse((await honua('--json', 'processes', 'echo')).stdout)).toHaveProperty('inputs.pause');
  });

  it('that are not there end with 2', async () => {
    const ended = await honua('processes', 'nope');
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining("'nope'") });
    expectNoStack(ended);
  });
});

describe('a run', () => {
  it('is answered at once, its inputs typed by the process', async () => {
    const { code, stdout, stderr } = await honua('run', 'echo', '-i', 'echo=5', '--input', 'pause=0.1');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({ echo: '5', length: 1 });
  });

  it('takes a file, and gives its one output as it is', async () => {
    const args = ['run', 'buffer', '-i', 'features=@harbours.geojson', '-i', 'distance=5 kilometers'];
    const { code, stdout, stderr } = await honua(...args);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ type: 'FeatureCollection', features: [{}] });
    const saved = await honua(...args, '-o', 'zones.geojson');
    expect(saved).toMatchObject({ code: 0, stdout: '' });
    expect(inFolder('zones.geojson')).toBe(stdout);
    expect(existsSync(join(folder, 'zones.geojson.part'))).toBe(false);
    const document = JSON.parse((await honua(...args, '--json')).stdout) as object;
    expect(document).toMatchObject({ result: { value: { type: 'FeatureCollection' } } });
  });

  it('takes text and tables from files too', async () => {
    writeFileSync(join(folder, 'words.txt'), 'Grüezi\n');
    expect((await honua('run', 'echo', '-i', 'echo=@words.txt')).stdout).toContain('"Grüezi"');
    writeFileSync(join(folder, 'places.csv'), 'name,lon,lat\nDom,7.8589,46.0938\n');
    const args = ['table-to-points', '-i', 'table=@places.csv', '-i', 'x=lon', '-i', 'y=lat'];
    const { stdout, stderr } = await honua('run', ...args);
    expect(stderr).toContain('Sending places.csv');
    expect(JSON.parse(stdout)).toMatchObject({ features: [{ properties: { name: 'Dom' } }] });
  });

  it('writes each output to a file of its own', async () => {
    const { code, stderr } = await honua(
      'run',
      'echo',
      '-i',
      'echo=Hi',
      '-o',
      'echo=e.json',
      '--output',
      'length=l.json',
    );
    expect(code, stderr).toBe(0);
    expect([inFolder('e.json'), inFolder('l.json')]).toEqual(['"Hi"', '2']);
  });

  it('is a job that is watched, told beside its results', async () => {
    const { code, stdout, stderr } = await honua('run', 'echo', '-i', 'echo=x', '-i', 'pause=2', '--watch');
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ echo: 'x', length: 1 });
    expect(stderr).toMatch(/^\S+ {2}running {2}\d+%/m);
    expect(stderr).toMatch(/^\S+ {2}successful {2}100%/m);
  });

  it('that takes longer than the server waits goes on as a job', async () => {
    const patient = await spawnServer({ ...settings, PORT: '0', Limits__MaxInlineDuration: '1s' });
    try {
      const env = { HONUA_SERVER: patient.url };
      const { code, stdout, stderr } = await start(['run', 'echo', '-i', 'echo=x', '-i', 'pause=3'], env)
        .ended;
      expect(code, stderr).toBe(0);
      expect(stderr).toContain('goes on as job');
      expect(JSON.parse(stdout)).toEqual({ echo: 'x', length: 1 });
    } finally {
      await patient.stop('SIGTERM');
    }
  });

  it('that would be tried first is printed as it would be sent, and nothing is submitted', async () => {
    const jobs = async (): Promise<number> =>
      ((await (await fetch(`${server.url}/jobs?limit=1000`)).json()) as { jobs: unknown[] }).jobs.length;
    const before = await jobs();
    const { code, stdout } = await honua('run', 'echo', '-i', 'echo=x', '-i', 'pause=3', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain(`POST ${server.url}/processes/echo/execution\n`);
    expect(stdout).toMatch(/^Estimated cost: 3 units$/m);
    const told = await honua('run', 'echo', '-i', 'echo=x', '--dry-run', '--json');
    expect(JSON.parse(told.stdout)).toMatchObject({
      request: { method: 'POST', body: { inputs: { echo: 'x' } } },
      decision: { admitted: true },
    });
    expect(await jobs()).toBe(before);
  });
});

describe('a large file', () => {
  const large = (): void => {
    const feature = { type: 'Feature', properties: { note: 'x'.repeat(2_000) }, geometry: JSON.parse(POINT) };
    const collection = { type: 'FeatureCollection', features: Array.from({ length: 4_000 }, () => feature) };
    writeFileSync(join(folder, 'large.geojson'), JSON.stringify(collection));
  };

  it('goes ahead of the request, and its upload goes once it is answered', async () => {
    large();
    const args = [
      'run',
      'buffer',
      '-i',
      'features=@large.geojson',
      '-i',
      'distance=1',
      '-o',
      'large-out.geojson',
    ];
    const dry = await honua(...args, '--dry-run');
    expect(dry.code, dry.stderr).toBe(0);
    const href = /"href": "(\/uploads\/[^"]+)\/content"/.exec(dry.stdout)![1]!;
    expect((await fetch(server.url + href)).status).toBe(404);
    const { code, stderr } = await honua(...args);
    expect(code, stderr).toBe(0);
    expect((JSON.parse(inFolder('large-out.geojson')) as { features: unknown[] }).features).toHaveLength(
      4_000,
    );
  });

  it('is sent as it is read, and is never whole in memory', async () => {
    writeFileSync(join(folder, 'scene.tif'), '');
    truncateSync(join(folder, 'scene.tif'), 300 * MEBIBYTE);
    const sending = start(['run', 'buffer', '-i', 'features=@scene.tif', '-i', 'distance=1']);
    let peak = 0;
    const look = setInterval(() => (peak = Math.max(peak, peakBytes(sending.process.pid!))), 20);
    const ended = await sending.ended;
    clearInterval(look);
    rmSync(join(folder, 'scene.tif'));
    // That it is no features is found out when it has arrived.
    expect(ended.code, ended.stderr).toBe(2);
    expect(peak).toBeGreaterThan(0);
    expect(peak).toBeLessThan(220 * MEBIBYTE);
  });

  it('is refused at its head by a server that does not know its caller', async () => {
    large();
    const guarded = await spawnServer({ ...settings, PORT: '0', ...REQUIRED });
    try {
      const env = { HONUA_SERVER: guarded.url, HONUA_API_KEY: 'nobodys-key' };
      const ended = await start(['run', 'buffer', '-i', 'features=@large.geojson', '-i', 'distance=1'], env)
        .ended;
      expect(ended.code, ended.stderr).toBe(3);
      expect(ended.stderr).not.toContain('nobodys-key');
    } finally {
      await guarded.stop('SIGTERM');
    }
  });
});

describe('a job', () => {
  it('is watched by lines where it is piped, and by JSON for programs', async () => {
    const job = await submitted('-i', 'echo=x', '-i', 'pause=2');
    const [lines, json] = await Promise.all([honua('watch', job), honua('watch', job, '--json')]);
    expect([lines.code, json.code]).toEqual([0, 0]);
    const shown = lines.stdout.trimEnd().split('\n');
    expect(new Set(shown).size).toBe(shown.length);
    expect(shown.every((line) => line.startsWith(job))).toBe(true);
    expect(shown.at(-1)).toMatch(/ {2}successful {2}100%/);
    const changes = json.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { progress: number });
    expect(changes.at(-1)).toMatchObject({
      jobID: job,
      processID: 'echo',
      status: 'successful',
      progress: 100,
    });
    expect(changes.some(({ progress }) => progress > 0 && progress < 100)).toBe(true);
  });

  it('is one of several that are watched together; the worst end counts', async () => {
    const [good, slow] = [await submitted('-i', 'echo=a'), await submitted('-i', 'echo=b', '-i', 'pause=60')];
    const watching = start(['watch', good, slow]);
    await expect.poll(() => watching.stdout(), { timeout: 10_000 }).toContain(`${slow}  running`);
    expect(await honua('cancel', slow)).toMatchObject({ code: 0, stdout: `${slow}  cancelled\n` });
    const ended = await watching.ended;
    expect(ended.code).toBe(5);
    expect(ended.stdout).toContain(`${good}  successful`);
    expect(ended.stdout).toContain(`${slow}  dismissed`);
    expect(await honua('results', slow)).toMatchObject({ code: 5, stdout: '' });
  });

  it('that failed ends with 1 and says why', async () => {
    // With a database of its own: no other server, with more patience, takes its runs.
    const own = await createTestDatabase();
    const strict = await spawnServer({
      ...settings,
      DATABASE_URL: own.url,
      PORT: '0',
      ResourceClasses__CpuBurst__MaxExecutionTime: '1s',
    });
    try {
      const env = { HONUA_SERVER: strict.url };
      for (const how of [[], ['--watch']]) {
        const ended = await start(['run', 'echo', '-i', 'echo=x', '-i', 'pause=20', ...how], env).ended;
        expect(ended.code, ended.stderr).toBe(1);
        expect(ended.stdout).toBe('');
        expect(ended.stderr).toMatch(/^honua {2}(?:Job \S+ failed|Process execution failed): \S/m);
        expectNoStack(ended);
      }
    } finally {
      await strict.stop('SIGTERM');
      await own.drop();
    }
  });

  it('gives its results, whole and by name, to files and to standard output', async () => {
    const job = await submitted('-i', 'echo=Hallo');
    await honua('watch', job, '--quiet');
    expect(JSON.parse((await honua('results', job)).stdout)).toEqual({ echo: 'Hallo', length: 5 });
    expect(await honua('results', job, '-o', 'whole.json')).toMatchObject({ code: 0, stdout: '' });
    expect(JSON.parse(inFolder('whole.json'))).toEqual({ echo: 'Hallo', length: 5 });
    expect((await honua('results', job, '-o', 'length=n.json')).code).toBe(0);
    expect(inFolder('n.json')).toBe('5');
    const unknown = await honua('results', job, '-o', 'nope=n.json');
    expect(unknown.code).toBe(2);
  });

  it('that is over is not cancelled: its results stay', async () => {
    const job = await submitted('-i', 'echo=kept');
    await honua('watch', job, '-q');
    expect((await honua('cancel', job)).stdout).toBe(`${job}  is over: successful\n`);
    expect((await honua('results', job)).stdout).toContain('kept');
  });

  it('is cancelled by operators for a reason, which its record has', async () => {
    const job = await submitted('-i', 'echo=x', '-i', 'pause=60');
    const { code, stdout, stderr } = await honua('cancel', job, '--reason', 'Blocks others', '--json');
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ jobID: job, status: 'dismissed' });
    const record = (await (await fetch(`${server.url}/admin/runs/${job}`)).json()) as object;
    expect(JSON.stringify(record)).toContain('Blocks others');
  });

  it('that nobody knows ends with 2 and is named', async () => {
    const id = '01900000-0000-7000-8000-000000000000';
    for (const command of ['watch', 'results', 'cancel', 'logs']) {
      const ended = await honua(command, id);
      expect(ended.code, command).toBe(2);
      expectNoStack(ended);
    }
    expect((await honua('watch', id)).stderr).toContain(`Job ${id}`);
  });
});

describe('wrong input ends with 2', () => {
  it.each([
    ['input distance: must be a number', 'buffer', ['-i', 'features=POINT (7 51)', '-i', 'distance=far']],
    ['input distance: ', 'buffer', ['-i', 'features=POINT (7 51)', '-i', 'distance=1e12']],
    ['input features: ', 'buffer', ['-i', 'features=POINT (7)', '-i', 'distance=1']],
    ['input distance', 'buffer', ['-i', 'features=POINT (7 51)']],
    ['no input distanz', 'buffer', ['-i', 'features=POINT (7 51)', '-i', 'distanz=1']],
    ['input features: there is no file', 'buffer', ['-i', 'features=@nope.geojson', '-i', 'distance=1']],
    ["'pause' is no input", 'echo', ['-i', 'pause']],
    ['its folder is not there', 'echo', ['-i', 'echo=x', '-o', 'no/such/folder']],
    ["unknown option '--asynk'", 'echo', ['--asynk']],
  ])('and is told: %s', async (told, process, args) => {
    const ended = await honua('run', process, ...args);
    expect(ended.code, ended.stderr).toBe(2);
    expect(ended.stderr).toContain(told);
    expect(ended.stdout).toBe('');
    expectNoStack(ended);
  });

  it('as JSON for programs', async () => {
    const { stderr } = await honua('run', 'echo', '--json', '-i', 'echo=x', '-i', 'pause=-1');
    expect(JSON.parse(stderr)).toMatchObject({
      exitCode: 2,
      error: { problem: { status: 400, faults: [{ path: '/inputs/pause' }] } },
    });
  });
});

describe('a server that is not there', () => {
  it('ends with 4, for every command', async () => {
    const env = { HONUA_SERVER: `http://127.0.0.1:${await freePort()}` };
    for (const args of [
      ['processes'],
      ['run', 'echo', '-i', 'echo=x'],
      ['watch', 'x'],
      ['logs', '-f', 'x'],
    ]) {
      const ended = await start(args, env).ended;
      expect(ended.code, args[0]).toBe(4);
      expect(ended.stderr).toContain('cannot be reached');
      expectNoStack(ended);
    }
  });

  it('ends with 4 where it takes the call and says nothing', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const env = { HONUA_SERVER: `http://127.0.0.1:${port}` };
    const ended = await start(['processes', '--timeout', '500ms'], env).ended;
    silent.close();
    expect(ended.code).toBe(4);
    expect(ended.stderr).toContain('did not answer within 0.5 s');
  });

  it('for a while, is waited for by whoever watches', async () => {
    const job = await submitted('-i', 'echo=back', '-i', 'pause=4');
    const watching = start(['watch', job]);
    await expect.poll(() => watching.stdout(), { timeout: 10_000 }).toContain('running');
    await server.stop('SIGKILL');
    const short = start(['watch', job]);
    expect((await short.ended).code).toBe(4);
    server = await spawnServer(settings);
    const ended = await watching.ended;
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stdout).toMatch(/ {2}successful {2}100%[^\n]*\n$/);
    expect((await honua('results', job)).stdout).toContain('back');
  });

  it('is given up after so long', async () => {
    const job = await submitted('-i', 'echo=x', '-i', 'pause=90');
    const watching = start(['watch', job, '--timeout', '2s']);
    await expect.poll(() => watching.stdout(), { timeout: 10_000 }).toContain('running');
    await server.stop('SIGKILL');
    const ended = await watching.ended;
    server = await spawnServer(settings);
    expect(ended.code).toBe(4);
    await honua('cancel', job);
  });
});

describe('Ctrl-C', () => {
  it('ends watching with 130 and leaves the run; watching goes on where it was', async () => {
    const job = await submitted('-i', 'echo=on', '-i', 'pause=4');
    const watching = start(['watch', job]);
    await expect.poll(() => watching.stdout(), { timeout: 10_000 }).toContain('running');
    watching.process.kill('SIGINT');
    const ended = await watching.ended;
    expect(ended.code).toBe(130);
    expect(ended.stderr).toContain(`honua watch ${job}`);
    expect((await statusOf(`${server.url}/jobs/${job}`)).status).toBe('running');
    const again = await honua('watch', job);
    expect(again.code).toBe(0);
    expect(again.stdout).toContain('successful');
  });

  it('ends a watched run likewise', async () => {
    const running = start(['run', 'echo', '-i', 'echo=x', '-i', 'pause=60', '--watch', '--json']);
    let told = '';
    running.process.stderr!.on('data', (chunk: Buffer) => (told += chunk.toString()));
    await expect.poll(() => told, { timeout: 10_000 }).toContain('"running"');
    running.process.kill('SIGINT');
    const { code, stderr } = await running.ended;
    expect(code).toBe(130);
    const job = /honua watch ([0-9a-f-]+)/.exec(stderr)![1]!;
    expect(job).toMatch(JOB_ID);
    expect((await statusOf(`${server.url}/jobs/${job}`)).status).toBe('running');
    await honua('cancel', job);
  });

  it('ends a run that is waited for, and the server ends it too', async () => {
    const running = start(['run', 'echo', '-i', 'echo=gone', '-i', 'pause=25']);
    const newest = async (): Promise<{ status: string; jobID: string }> =>
      (
        (await (await fetch(`${server.url}/jobs?limit=1`)).json()) as {
          jobs: { status: string; jobID: string }[];
        }
      ).jobs[0]!;
    const before = await newest();
    await expect.poll(async () => (await newest()).jobID, { timeout: 10_000 }).not.toBe(before.jobID);
    running.process.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
    await expect.poll(async () => (await newest()).status, { timeout: 10_000 }).toBe('dismissed');
  });
});

describe('credentials', () => {
  let guarded: SpawnedServer;
  let key: string;
  let config: string;
  beforeAll(async () => {
    guarded = await spawnServer({ ...settings, PORT: '0', ...REQUIRED, Identity__Logins: 'ana:secret@acme' });
    ({ key } = await tenantWithKey(guarded.url, 'acme'));
    config = join(folder, 'config');
    mkdirSync(join(config, 'honua'), { recursive: true });
  });
  afterAll(() => guarded.stop('SIGTERM'));

  const echo = (env: Record<string, string>, ...args: string[]): Promise<Ended> =>
    start(['run', 'echo', '-i', 'echo=x', ...args], { HONUA_SERVER: guarded.url, ...env }).ended;
  function profiles(value: object, mode = 0o600): Record<string, string> {
    const path = join(config, 'honua', 'profiles.json');
    writeFileSync(path, JSON.stringify(value));
    chmodSync(path, mode);
    return { XDG_CONFIG_HOME: config };
  }

  it('are asked for where there are none, and refused where they are no good', async () => {
    const none = await echo({});
    expect(none.code).toBe(3);
    expect(none.stderr).toContain('HONUA_API_KEY');
    const wrong = await echo({ HONUA_API_KEY: 'hk_wrong-key-0123456789' });
    expect(wrong.code).toBe(3);
    expect(wrong.stderr).not.toContain('hk_wrong');
  });

  it('come from the environment, as a key or as a token', async () => {
    expect((await echo({ HONUA_API_KEY: key })).code).toBe(0);
    const form = new URLSearchParams({ username: 'ana', password: 'secret', f: 'json' });
    const reply = await fetch(`${guarded.url}/arcgis/tokens`, { method: 'POST', body: form });
    const { token } = (await reply.json()) as { token: string };
    expect((await echo({ HONUA_TOKEN: token })).code).toBe(0);
  });

  it('come from a profile, which names its server', async () => {
    const env = profiles({ city: { server: guarded.url, apiKey: key } });
    const named = await echo({ ...env, HONUA_SERVER: '' }, '--profile', 'city');
    expect(named.code, named.stderr).toBe(0);
    const elsewhere = await echo(
      env,
      '--profile',
      'city',
      '--server',
      guarded.url.replace('127.0.0.1', 'localhost'),
    );
    expect(elsewhere.code).toBe(3);
  });

  it('in a file that others may read are not used', async () => {
    const env = profiles({ default: { server: guarded.url, apiKey: key } }, 0o644);
    const ended = await echo(env);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('chmod 600');
    expect(ended.stderr + ended.stdout).not.toContain(key);
  });

  it('without the scope are refused', async () => {
    const made = await asOperator<{ key: string }>(guarded.url, '/admin/tenants/acme/keys', {
      method: 'POST',
      body: { user: 'reader', scopes: ['read'] },
    });
    expect((await echo({ HONUA_API_KEY: made.key })).code).toBe(3);
    const reason = ['--reason', 'x'];
    const job = (await echo({ HONUA_API_KEY: key }, '-i', 'pause=60', '--async')).stdout.trim();
    const env = { HONUA_SERVER: guarded.url, HONUA_API_KEY: key };
    expect((await start(['cancel', job, ...reason], env).ended).code).toBe(3);
    expect((await start(['cancel', job, ...reason], { ...env, HONUA_API_KEY: ADMIN_KEY }).ended).code).toBe(
      2,
    );
    expect((await start(['cancel', job], env).ended).code).toBe(0);
  });
});

it('a reader that has enough ends nothing badly', async () => {
  const child = start(['processes', '--json']);
  child.process.stdout!.once('data', () => child.process.stdout!.destroy());
  expect((await child.ended).code).toBe(0);
});
