/** What programs of runs say, by the command line, and the examples of its how-to. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/exit-codes.js';
import { startServer, type TestServer } from '../support/app.js';
import { submit } from '../support/ogc-client.js';
import { makeWorkerEnvironment, ODD_PROCESS } from '../support/worker-environment.js';

const COMMAND = resolve(import.meta.dirname, '../../dist/src/cli/honua.js');
const HOW_TO = resolve(import.meta.dirname, '../../docs/how-to/use-the-command-line.md');

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

const folder = mkdtempSync(join(tmpdir(), 'honua-pages-'));
let worker: string;
let server: TestServer;
beforeAll(async () => {
  worker = makeWorkerEnvironment();
  cpSync(resolve(import.meta.dirname, '../../processes'), join(folder, 'processes'), { recursive: true });
  writeFileSync(join(folder, 'processes', 'odd.yaml'), ODD_PROCESS);
  server = await startServer({
    Processing__ProcessesFolder: join(folder, 'processes'),
    Processing__CloudBatch__WorkerFolder: worker,
  });
});
afterAll(async () => {
  await server.close();
  for (const one of [folder, worker]) rmSync(one, { recursive: true, force: true });
});

function start(args: string[], env: Record<string, string> = {}): Running {
  return running(process.execPath, [COMMAND, ...args], env);
}

function running(program: string, args: string[], env: Record<string, string>): Running {
  const child = spawn(program, args, {
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

const honua = (...args: string[]): Promise<Ended> => start(args).ended;
const idOf = async (inputs: Record<string, unknown>): Promise<string> =>
  (await submit(server.url, 'odd', { inputs })).split('/').at(-1)!;

describe('the log of a run', () => {
  it('is followed until it can grow no more', async () => {
    const until = join(folder, 'done');
    const job = await idOf({ until });
    const following = start(['logs', '--follow', job]);
    await expect.poll(() => following.stdout(), { timeout: 15_000 }).toContain('It echos');
    writeFileSync(until, '');
    expect(await following.ended).toMatchObject({ code: 0, stdout: 'It echos\n' });
    expect(await honua('logs', job)).toMatchObject({ code: 0, stdout: 'It echos\n' });
  });

  it('is printed whole, however many answers it takes', async () => {
    const job = await idOf({ does: 'talk' });
    const { code, stdout } = await start(['logs', '--follow', job]).ended;
    expect(code).toBe(0);
    expect(stdout.length).toBeGreaterThan(1024 ** 2);
    expect(stdout).toMatch(/^It talks\nno end of talk\n[\s\S]*\[\d+ bytes left out\]\n[\s\S]*no end of talk/);
  });

  it('of a job that is not there ends with 2', async () => {
    expect((await honua('logs', '01990000-0000-7000-8000-000000000000')).code).toBe(2);
  });
});

describe('its how-to', () => {
  const page = readFileSync(HOW_TO, 'utf8');
  const blocks = (language: string): string[] =>
    [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, block]) => block!);

  /** As it stands, but for where the server is; `honua` is on the path. */
  async function sh(block: string): Promise<Ended> {
    const bin = join(folder, 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'honua'), `#!/bin/sh\nexec '${process.execPath}' '${COMMAND}' "$@"\n`);
    chmodSync(join(bin, 'honua'), 0o755);
    const env = { PATH: `${bin}:${process.env.PATH}` };
    const command = block.replaceAll('http://localhost:3000', server.url);
    return running('sh', ['-ec', command], env).ended;
  }

  it('has examples that do what it says', async () => {
    const [lines, profiles] = blocks('json') as [string, string];
    writeFileSync(join(folder, 'regions.ndjson'), lines);
    writeFileSync(join(folder, 'harbours.geojson'), '{"type":"Point","coordinates":[7,51]}');
    const [find, runIt, job, dry, array, cancelled, ...more] = blocks('sh');
    expect(more).toEqual([]);
    const shown = async (block: string | undefined): Promise<string> => {
      const { code, stdout, stderr } = await sh(block!);
      expect(code, stderr).toBe(0);
      return stdout;
    };
    expect(await shown(find)).toContain('distance');
    await shown(runIt);
    expect(readFileSync(join(folder, 'zones.geojson'), 'utf8')).toContain('Polygon');
    expect(readFileSync(join(folder, 'text.json'), 'utf8')).toBe('"Hello"');
    expect(readFileSync(join(folder, 'length.json'), 'utf8')).toBe('5');
    expect(await shown(job)).toContain('successful');
    expect(readFileSync(join(folder, 'hello.json'), 'utf8')).toContain('Hello');
    expect(await shown(dry)).toMatch(/^Estimated cost: \d+ units$/m);
    const submitted = await shown(array);
    expect(submitted).toMatch(/^Estimated cost: 2 units$/m);
    expect(submitted).toContain('2 succeeded of 2');
    expect(await shown(cancelled)).toContain('ended with 5');

    mkdirSync(join(folder, '.config/honua'), { recursive: true });
    const path = join(folder, '.config/honua/profiles.json');
    writeFileSync(path, profiles.replaceAll('http://localhost:3000', server.url), { mode: 0o600 });
    expect((await start(['processes'], { HONUA_SERVER: '' }).ended).code).toBe(0);
    rmSync(path);
  });

  it('has the exit codes of the code', () => {
    const told = [...page.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(told).toEqual(Object.values(EXIT));
  });
});
