/** Array runs by the command line. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';
import { countries, isTorn } from '../support/real-data.js';

const COMMAND = resolve(import.meta.dirname, '../../dist/src/cli/honua.js');

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

const folder = mkdtempSync(join(tmpdir(), 'honua-arrays-'));
const labels = ['zurich', 'bern', 'chur', 'basel', 'genf'];
let server: TestServer;
beforeAll(async () => {
  // A child that pauses holds a thread, and a request needs one to be looked at: enough for all children and more.
  server = await startServer({ Workers__Small: '8' });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});
const write = (lines: object[]): void =>
  writeFileSync(join(folder, 'regions.ndjson'), lines.map((line) => JSON.stringify(line)).join('\n'));
beforeEach(() => write(labels.map((label) => ({ label, inputs: { echo: label } }))));

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

const honua = (...args: string[]): Promise<Ended> => start(args).ended;
const submit = (...args: string[]): Promise<Ended> =>
  honua('submit', 'echo', '--array', 'regions.ndjson', ...args);
const newest = async (): Promise<string | undefined> => {
  const { jobs } = (await (await fetch(`${server.url}/jobs?limit=1`)).json()) as {
    jobs: { jobID: string }[];
  };
  return jobs[0]?.jobID;
};
/** The job that a line of the watching tells of last. */
const jobOf = (stdout: string): string => stdout.trimEnd().split('\n').at(-1)!.split(' ')[0]!;

describe('an array run', () => {
  it('is watched with its children until it is over', async () => {
    const { code, stdout, stderr } = await submit('-i', 'pause=1', '--max-failures', '2');
    expect(code, stderr).toBe(0);
    const job = jobOf(stdout);
    const lines = stdout.trimEnd().split('\n');
    for (const label of labels)
      expect(stdout).toMatch(new RegExp(`^${job}/${label} {2}successful {2}100%`, 'm'));
    expect(lines.at(-1)).toBe(`${job}  successful  100%  5 succeeded of 5`);
    expect(new Set(lines).size).toBe(lines.length);
  });

  it('is told to programs as one object for each change', async () => {
    const { code, stdout } = await submit('--json', '--regions', 'bern,genf');
    expect(code).toBe(0);
    const changes = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const last = changes.at(-1)!;
    expect(last).toMatchObject({ array: { size: 2, succeeded: 2 } });
    expect(changes).toContainEqual(
      expect.objectContaining({ parent: last.jobID, label: 'genf', index: 1, status: 'successful' }),
    );
  });

  it.each([
    ['--range', '1:3', ['bern', 'chur']],
    ['--range', '3:', ['basel', 'genf']],
    ['--regions', 'genf,zurich', ['zurich', 'genf']],
  ])('has what %s %s picks', async (option, value, picked) => {
    const { code, stdout } = await submit(option, value, '--detach');
    expect(code).toBe(0);
    const reply = await fetch(`${server.url}/jobs/${stdout.trim()}/children`);
    const { children } = (await reply.json()) as { children: { label: string }[] };
    expect(children.map(({ label }) => label)).toEqual(picked);
  });

  it('tried dry, is printed exactly as it would be sent, with its cost, and nothing is submitted', async () => {
    const before = await newest();
    const { code, stdout, stderr } = await submit('--range', '0:2', '-i', 'pause=4', '--dry-run');
    expect(code, stderr).toBe(0);
    const [head, body] = stdout.split('\n\n');
    expect(head).toContain(`POST ${server.url}/processes/echo/execution`);
    expect(head).toMatch(/^prefer: respond-async$/m);
    expect(stdout).toMatch(/^Estimated cost: 8 units$/m);
    expect(await newest()).toBe(before);
    // What was printed is what is sent: the same request by hand is the same job under the same key.
    const headers = { 'content-type': 'application/json', prefer: 'respond-async' };
    const by = await fetch(`${server.url}/processes/echo/execution`, {
      method: 'POST',
      headers,
      body: body!,
    });
    expect(by.status).toBe(201);
    expect(JSON.parse(body!)).toEqual({
      inputs: { pause: 4 },
      array: labels.slice(0, 2).map((label) => ({ label, inputs: { echo: label } })),
      response: 'document',
    });
  });

  it('without labels names its children by their place', async () => {
    write([{ echo: 'a' }, { echo: 'b' }]);
    const { stdout } = await submit();
    expect(stdout).toMatch(/\/#1 {2}successful/);
  });

  it('is watched across a server that goes away and comes back', async () => {
    const front = new Front(server.url);
    await front.listen(0);
    const args = ['submit', 'echo', '--array', 'regions.ndjson', '-i', 'pause=3'];
    const watching = start(args, { HONUA_SERVER: front.url });
    await expect.poll(() => watching.stdout(), { timeout: 10_000 }).toContain('running');
    const { port } = new URL(front.url);
    await front.close();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await front.listen(Number(port));
    const ended = await watching.ended;
    await front.close();
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stderr).toContain('The server is back.');
    expect(ended.stdout).toContain('5 succeeded of 5');
  });

  it('is cancelled with its children, which ends with 5', async () => {
    const job = (await submit('-i', 'pause=60', '--detach')).stdout.trim();
    const watching = start(['watch', job]);
    await expect.poll(() => watching.stdout(), { timeout: 10_000 }).toContain('running');
    const cancelled = await honua('cancel', job);
    expect(cancelled.code, cancelled.stderr).toBe(0);
    expect((await watching.ended).code).toBe(5);
  });

  it('tells where the results of its children are', async () => {
    const job = (await submit('--detach')).stdout.trim();
    await honua('watch', job, '-q');
    const { stdout } = await honua('results', job);
    const { children, succeeded } = JSON.parse(stdout) as {
      children: { jobID: string }[];
      succeeded: number;
    };
    expect(succeeded).toBe(5);
    expect((await honua('results', children[2]!.jobID)).stdout).toContain('"chur"');
  });

  it.each([
    ['An array run has 2 to 10000 entries; these are 1', ['--range', '0:1'], undefined],
    ['An array run has 2 to 10000 entries; these are 0', [], ''],
    ['line 2: is not JSON', [], '{"echo":"a"}\n{"echo"\n'],
    ['has the label basel', ['--regions', 'basel'], '{"echo":"a"}\n{"echo":"b"}\n'],
    ['Write a whole number', ['--max-failures', 'many'], undefined],
    ['no input ecco', ['-i', 'ecco=x'], undefined],
    ['/array/1/inputs/ecco', [], '{"echo":"a"}\n{"ecco":"b"}\n'],
  ])('that is not valid ends with 2, and nothing is submitted: %s', async (told, args, content) => {
    if (content !== undefined) writeFileSync(join(folder, 'regions.ndjson'), content);
    const before = await newest();
    const ended = await submit(...args);
    expect(ended.code, ended.stderr).toBe(2);
    expect(ended.stderr).toContain(told);
    expect(await newest()).toBe(before);
  });
});

describe('25 countries', () => {
  /** The largest by their text, which no system of coordinates tears apart. */
  const regions = countries()
    .features.filter((country) => !isTorn(country))
    .sort((a, b) => JSON.stringify(b).length - JSON.stringify(a).length)
    .slice(0, 25);

  it('are fanned out over, go on after Ctrl-C, and are watched again to their end', async () => {
    write(regions.map((features) => ({ label: features.properties!.name as string, inputs: { features } })));
    const args = ['submit', 'buffer', '--array', 'regions.ndjson', '-i', 'distance=1000'];
    const dry = await honua(...args, '--dry-run');
    expect(dry.code, dry.stderr).toBe(0);
    const [, units] = /^Estimated cost: ([\d.]+) units$/m.exec(dry.stdout)!;
    expect(Number(units)).toBeGreaterThanOrEqual(25);

    const watching = start(args);
    await expect.poll(() => watching.stdout(), { timeout: 60_000 }).toContain('successful');
    watching.process.kill('SIGINT');
    const left = await watching.ended;
    expect(left.code).toBe(130);
    const [, job] = /honua watch (\S+)/.exec(left.stderr)!;
    expect(left.stdout).not.toContain(`${job!}  successful`);

    const again = await honua('watch', job!);
    expect(again.code, again.stderr).toBe(0);
    expect(again.stdout).toContain('25 succeeded of 25');
    const { children } = JSON.parse((await honua('results', job!)).stdout) as {
      children: { jobID: string; label: string }[];
    };
    expect(children.map(({ label }) => label)).toEqual(regions.map(({ properties }) => properties!.name));
    const { stdout } = await honua('results', children[7]!.jobID);
    expect(stdout).toContain(`"name":"${regions[7]!.properties!.name}"`);
  }, 180_000);
});

/** A plain way through to a server, which can be taken away and put back. */
class Front {
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  private port = 0;

  constructor(private readonly behind: string) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async listen(port: number): Promise<void> {
    const { hostname, port: target } = new URL(this.behind);
    this.server = createServer((client) => {
      const onward = connect(Number(target), hostname);
      for (const [from, to] of [
        [client, onward],
        [onward, client],
      ] as const) {
        this.sockets.add(from);
        from.pipe(to);
        from.on('error', () => to.destroy());
        from.on('close', () => {
          this.sockets.delete(from);
          to.destroy();
        });
      }
    });
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.server!.close();
    for (const socket of this.sockets) socket.destroy();
    await once(this.server!, 'close');
  }
}
