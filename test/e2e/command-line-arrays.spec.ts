/**
 * Array runs and logs by the command line, and the examples of its how-to. The server of this repository does not have
 * these routes yet: a small one stands in front of it that follows their contract to the letter, with real jobs of the real
 * server as the children, and passes all else on. Once the server has the routes, it can take its place.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/exit-codes.js';
import { startServer, type TestServer } from '../support/app.js';
import { jobUrl, post, statusOf } from '../support/ogc-client.js';

const COMMAND = resolve(import.meta.dirname, '../../dist/src/cli/honua.js');
const HOW_TO = resolve(import.meta.dirname, '../../docs/how-to/use-the-command-line.md');

interface ExecuteBody {
  inputs: Record<string, unknown>;
  array: { label?: string; inputs: Record<string, unknown> }[];
  maxFailures?: number;
  response?: 'raw' | 'document';
}

interface Child {
  index: number;
  label?: string;
  jobID: string;
}

interface ArrayRun {
  processID: string;
  children: Child[];
  maxFailures?: number;
}

const json = (
  reply: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void =>
  void reply.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const problem = (reply: ServerResponse, status: number, code: string, detail: string): void =>
  json(reply, status, { title: 'Not found', status, code, detail });

/** The contract of array runs and logs in front of a server that has neither. */
class ArrayFront {
  readonly runs = new Map<string, ArrayRun>();
  readonly logs = new Map<string, { text: Buffer; complete: boolean }>();
  /** What came in, newest last. */
  readonly bodies: ExecuteBody[] = [];
  private readonly server: Server;

  constructor(private readonly behind: string) {
    this.server = createServer((request, reply) => {
      this.answer(request, reply).catch((error: Error) => {
        if (!reply.headersSent) json(reply, 500, { title: error.message, status: 500 });
      });
    });
  }

  async listen(port = 0): Promise<void> {
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async answer(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const url = new URL(request.url!, this.url);
    const [, processID] = /^\/processes\/([^/]+)\/execution$/.exec(url.pathname) ?? [];
    if (processID && request.method === 'POST') return this.execute(processID, url, { request, reply });
    const [, id = '', rest = ''] = /^\/jobs\/([^/]+)(?:\/(\w+))?$/.exec(url.pathname) ?? [];
    if (rest === 'logs') return this.log(id, Number(url.searchParams.get('from') ?? 0), reply);
    const run = this.runs.get(id);
    if (!run) return this.pass(request, reply);
    if (request.method === 'DELETE')
      for (const { jobID } of run.children) await fetch(`${this.behind}/jobs/${jobID}`, { method: 'DELETE' });
    if (rest === 'children') return json(reply, 200, await this.page(run, url.searchParams));
    if (rest === 'results') return json(reply, 200, await this.results(run));
    json(reply, 200, await this.status(id, run));
  }

  private async execute(
    processID: string,
    url: URL,
    { request, reply }: { request: IncomingMessage; reply: ServerResponse },
  ): Promise<void> {
    const sent = await text(request);
    const body = JSON.parse(sent) as ExecuteBody;
    if (!body.array) return this.pass(request, reply, sent);
    this.bodies.push(body);
    const { inputs: common, response, array } = body;
    const entries = array.map(({ inputs }) => ({ inputs: { ...common, ...inputs }, response }));
    if (url.searchParams.get('dry-run') === 'true') {
      const decisions = await Promise.all(
        entries.map(async (entry) => {
          const answer = await fetch(this.behind + url.pathname + url.search, {
            method: 'POST',
            headers: { 'content-type': 'application/json', prefer: 'respond-async' },
            body: JSON.stringify(entry),
          });
          return (await answer.json()) as { estimatedCostUnits: number };
        }),
      );
      const estimatedCostUnits = decisions.reduce((sum, one) => sum + one.estimatedCostUnits, 0);
      return json(reply, 200, { ...decisions[0], estimatedCostUnits });
    }
    expect(request.headers.prefer).toBe('respond-async');
    const children: Child[] = [];
    for (const [index, entry] of entries.entries()) {
      const accepted = await post(this.behind, processID, entry, { prefer: 'respond-async' });
      const { label } = array[index]!;
      children.push({
        index,
        ...(label && { label }),
        jobID: jobUrl(this.behind, accepted).split('/').at(-1)!,
      });
    }
    const id = randomUUID();
    this.runs.set(id, { processID, children, maxFailures: body.maxFailures });
    const location = `${this.url}/jobs/${id}`;
    json(reply, 201, await this.status(id, this.runs.get(id)!), { location });
  }

  private async childStatuses({
    children,
  }: ArrayRun): Promise<(Child & { status: string; progress: number })[]> {
    return Promise.all(
      children.map(async (child) => {
        const { status, progress = 0 } = await statusOf(`${this.behind}/jobs/${child.jobID}`);
        return { ...child, status, progress };
      }),
    );
  }

  private async status(id: string, run: ArrayRun): Promise<object> {
    const children = await this.childStatuses(run);
    const count = (status: string): number => children.filter((child) => child.status === status).length;
    const array = {
      size: children.length,
      queued: count('accepted'),
      running: count('running'),
      succeeded: count('successful'),
      failed: count('failed'),
      cancelled: count('dismissed'),
    };
    const progress = Math.floor(children.reduce((sum, one) => sum + one.progress, 0) / children.length);
    const links = [{ href: `${this.url}/jobs/${id}/events`, rel: 'alternate', type: 'text/event-stream' }];
    return {
      jobID: id,
      processID: run.processID,
      type: 'process',
      status: ended(array),
      progress,
      array,
      links,
    };
  }

  private async page(run: ArrayRun, query: URLSearchParams): Promise<object> {
    const status = query.get('status');
    const [limit, offset] = [Math.min(2, Number(query.get('limit'))), Number(query.get('offset') ?? 0)];
    const matched = (await this.childStatuses(run)).filter((child) => !status || child.status === status);
    return { children: matched.slice(offset, offset + limit), numberMatched: matched.length, links: [] };
  }

  private async results(run: ArrayRun): Promise<object> {
    const children = await this.childStatuses(run);
    const count = (status: string): number => children.filter((child) => child.status === status).length;
    return {
      children: children.map((child) => ({ ...child, href: `${this.url}/jobs/${child.jobID}/results` })),
      succeeded: count('successful'),
      failed: count('failed'),
    };
  }

  private log(id: string, from: number, reply: ServerResponse): void {
    const log = this.logs.get(id);
    if (!log) return problem(reply, 404, 'no-logs', 'The run has no log.');
    const piece = log.text.subarray(from, from + 8);
    reply.writeHead(200, {
      'content-type': 'text/plain; charset=utf-8',
      'honua-log-next': String(from + piece.length),
      'honua-log-complete': String(log.complete),
    });
    reply.end(piece);
  }

  private async pass(incoming: IncomingMessage, reply: ServerResponse, body?: string): Promise<void> {
    const { method, headers, url } = incoming;
    const outgoing = request(this.behind + url!, { method, headers });
    if (body === undefined) incoming.pipe(outgoing);
    else outgoing.end(body);
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    reply.writeHead(answer.statusCode!, answer.headers);
    answer.pipe(reply);
  }
}

function ended(array: {
  size: number;
  queued: number;
  running: number;
  succeeded: number;
  cancelled: number;
}): string {
  if (array.queued + array.running > 0) return array.queued === array.size ? 'accepted' : 'running';
  if (array.cancelled > 0) return 'dismissed';
  return array.succeeded > 0 ? 'successful' : 'failed';
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

const folder = mkdtempSync(join(tmpdir(), 'honua-arrays-'));
const regions = ['zurich', 'bern', 'chur', 'basel', 'genf'];
let server: TestServer;
let front: ArrayFront;
beforeAll(async () => {
  // A child that pauses holds a thread, and a request needs one to be looked at: enough for all children and more.
  server = await startServer({ Workers__Small: '8' });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  front = new ArrayFront(server.url);
  await front.listen();
  const lines = regions.map((label) => JSON.stringify({ label, inputs: { echo: label } }));
  writeFileSync(join(folder, 'regions.ndjson'), lines.join('\n'));
  return () => front.close();
});

function start(args: string[], env: Record<string, string> = {}): Running {
  return running(process.execPath, [COMMAND, ...args], env);
}

function running(program: string, args: string[], env: Record<string, string>): Running {
  const child = spawn(program, args, {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, HONUA_SERVER: front.url, ...env },
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

describe('an array run', () => {
  it('is submitted as the contract says, and watched with its children until it is over', async () => {
    const { code, stdout, stderr } = await submit('-i', 'pause=1', '--max-failures', '2');
    expect(code, stderr).toBe(0);
    const array = regions.map((label) => ({ label, inputs: { echo: label } }));
    expect(front.bodies).toEqual([{ inputs: { pause: 1 }, array, response: 'document', maxFailures: 2 }]);
    const [job] = front.runs.keys();
    const lines = stdout.trimEnd().split('\n');
    for (const label of regions)
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
    const [parent] = front.runs.keys();
    expect(changes).toContainEqual(
      expect.objectContaining({ parent, label: 'genf', index: 1, status: 'successful' }),
    );
    expect(changes.at(-1)).toMatchObject({ jobID: parent, array: { size: 2, succeeded: 2 } });
  });

  it.each([
    ['--range', '1:3', ['bern', 'chur']],
    ['--range', '3:', ['basel', 'genf']],
    ['--regions', 'genf,zurich', ['zurich', 'genf']],
  ])('has what %s %s picks', async (option, value, labels) => {
    const { code, stdout } = await submit(option, value, '--detach');
    expect(code).toBe(0);
    expect(front.runs.has(stdout.trim())).toBe(true);
    expect(front.bodies[0]!.array.map(({ label }) => label)).toEqual(labels);
  });

  it('tried dry, is printed as it would be sent, with its cost, and nothing is submitted', async () => {
    const { code, stdout, stderr } = await submit('--range', '0:2', '-i', 'pause=4', '--dry-run');
    expect(code, stderr).toBe(0);
    const [head, body] = stdout.split('\n\n');
    expect(head).toContain(`POST ${front.url}/processes/echo/execution`);
    expect(head).toMatch(/^prefer: respond-async$/m);
    expect(stdout).toMatch(/^Estimated cost: 8 units$/m);
    expect(front.runs.size).toBe(0);
    const dry = JSON.parse(body!) as unknown;
    expect(dry).toEqual(front.bodies[0]);
    await submit('--range', '0:2', '-i', 'pause=4', '--detach');
    expect(front.bodies[1]).toEqual(dry);
  });

  it('without labels names its children by their place', async () => {
    writeFileSync(join(folder, 'regions.ndjson'), '{"echo":"a"}\n{"echo":"b"}\n');
    const { stdout } = await submit();
    expect(front.bodies[0]!.array).toEqual([{ inputs: { echo: 'a' } }, { inputs: { echo: 'b' } }]);
    expect(stdout).toMatch(/\/#1 {2}successful/);
  });

  it('goes on after Ctrl-C, which says how to watch it again', async () => {
    const watching = start(['submit', 'echo', '--array', 'regions.ndjson', '-i', 'pause=3']);
    await expect.poll(() => watching.stdout(), { timeout: 10_000 }).toContain('running');
    watching.process.kill('SIGINT');
    const ended = await watching.ended;
    expect(ended.code).toBe(130);
    const [, job] = /honua watch (\S+)/.exec(ended.stderr)!;
    expect(front.runs.has(job!)).toBe(true);
    const again = await honua('watch', job!);
    expect(again.code).toBe(0);
    expect(again.stdout).toContain('5 succeeded of 5');
  });

  it('is watched across a server that goes away and comes back', async () => {
    const watching = start(['submit', 'echo', '--array', 'regions.ndjson', '-i', 'pause=3']);
    await expect.poll(() => watching.stdout(), { timeout: 10_000 }).toContain('running');
    const gone = front;
    const port = Number(new URL(gone.url).port);
    await gone.close();
    front = new ArrayFront(server.url);
    for (const [id, run] of gone.runs) front.runs.set(id, run);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await front.listen(port);
    const ended = await watching.ended;
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
  ])('that is not valid ends with 2, and nothing is sent: %s', async (told, args, content) => {
    if (content !== undefined) writeFileSync(join(folder, 'regions.ndjson'), content);
    const ended = await submit(...args);
    expect(ended.code, ended.stderr).toBe(2);
    expect(ended.stderr).toContain(told);
    expect(front.bodies).toEqual([]);
  });

  it('refused by a server that knows none says what it said', async () => {
    const ended = await start(['submit', 'echo', '--array', 'regions.ndjson'], { HONUA_SERVER: server.url })
      .ended;
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('/array');
  });
});

describe('the log of a run', () => {
  it('is printed whole, however many answers it takes', async () => {
    const written = Buffer.from('Grüezi, this is the first line.\nAnd the second.\n');
    front.logs.set('j', { text: written, complete: false });
    expect(await honua('logs', 'j')).toMatchObject({ code: 0, stdout: written.toString() });
  });

  it('is followed until it can grow no more', async () => {
    front.logs.set('j', { text: Buffer.from('one\n'), complete: false });
    const following = start(['logs', '--follow', 'j']);
    await expect.poll(() => following.stdout(), { timeout: 10_000 }).toBe('one\n');
    front.logs.set('j', { text: Buffer.from('one\ntwo\n'), complete: false });
    await expect.poll(() => following.stdout(), { timeout: 10_000 }).toBe('one\ntwo\n');
    front.logs.set('j', { text: Buffer.from('one\ntwo\nthree\n'), complete: true });
    expect(await following.ended).toMatchObject({ code: 0, stdout: 'one\ntwo\nthree\n' });
  });

  it('that there is none of ends with 2', async () => {
    expect(await honua('logs', 'j')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('has no log'),
    });
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
    const command = block.replaceAll('http://localhost:3000', front.url);
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
    expect(front.bodies.at(-1)).toMatchObject({
      maxFailures: 1,
      array: [{ label: 'zurich' }, { label: 'chur' }],
    });
    expect(await shown(cancelled)).toContain('ended with 5');

    mkdirSync(join(folder, '.config/honua'), { recursive: true });
    const path = join(folder, '.config/honua/profiles.json');
    writeFileSync(path, profiles.replaceAll('http://localhost:3000', front.url), { mode: 0o600 });
    expect((await start(['processes'], { HONUA_SERVER: '' }).ended).code).toBe(0);
    rmSync(path);
  });

  it('has the exit codes of the code', () => {
    const told = [...page.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(told).toEqual(Object.values(EXIT));
  });
});
