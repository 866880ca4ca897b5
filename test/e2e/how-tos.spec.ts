/** The examples of the how-tos about references and callbacks, run as they stand but for where the servers are. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';
import { untilFinished } from '../support/ogc-client.js';
import { type Receiver, startReceiver } from '../support/receiver.js';

const run = promisify(execFile);
const POINT = '{"type":"Point","coordinates":[7,51]}';
const folder = mkdtempSync(join(tmpdir(), 'honua-how-to-'));
let host: Receiver;
let server: TestServer;
let callbackPort: number;
beforeAll(async () => {
  host = await startReceiver();
  callbackPort = await freePort();
  server = await startServer({ Outbound__Allow: `${host.host}, 127.0.0.1:${callbackPort}` });
  writeFileSync(join(folder, 'harbours.geojson'), POINT);
});
afterAll(async () => {
  await server.close();
  await host.close();
  rmSync(folder, { recursive: true });
});

async function freePort(): Promise<number> {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  holder.close();
  await once(holder, 'close');
  return port;
}

/** The code blocks of one language, with the addresses of this test. */
const blocks = (page: string, language: string): string[] => {
  const text = readFileSync(resolve(import.meta.dirname, `../../docs/how-to/${page}.md`), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, block]) =>
    block!
      .replaceAll('http://localhost:3000', server.url)
      .replaceAll('https://data.example.org', host.url)
      .replaceAll('127.0.0.1:8080', `127.0.0.1:${callbackPort}`),
  );
};

it('many inputs', async () => {
  const [start, looks, onGp, children, ...more] = blocks('run-over-many-inputs', 'sh');
  expect(more).toEqual([]);
  const sh = async (block: string, env: Record<string, string> = {}): Promise<string[]> => {
    const { stdout } = await run('sh', ['-ec', block], { cwd: folder, env: { ...process.env, ...env } });
    return stdout.replaceAll('}{', '}\n{').split('\n');
  };
  const { jobID } = JSON.parse((await sh(start!))[0]!) as { jobID: string };
  expect(await untilFinished(`${server.url}/jobs/${jobID}`)).toMatchObject({ array: { succeeded: 2 } });
  const [status, listed, results] = (await sh(looks!, { JOB: jobID })).map((line) => JSON.parse(line));
  expect(status.status).toBe('successful');
  expect(listed.children.map(({ label }: { label: string }) => label)).toEqual(['honolulu', 'hilo']);
  expect(results.children).toHaveLength(2);
  const { jobId } = JSON.parse((await sh(onGp!))[0]!) as { jobId: string };
  const { jobs } = JSON.parse((await sh(children!, { GP_JOB: jobId }))[0]!) as { jobs: { label: string }[] };
  expect(jobs.map(({ label }) => label)).toEqual(['a', 'b']);
});

it('inputs by reference', async () => {
  host.content = () => ({ type: 'application/geo+json', body: POINT });
  const answers: Record<string, any>[] = [];
  for (const block of blocks('inputs-by-reference', 'sh')) {
    const { stdout } = await run('sh', ['-ec', block], { cwd: folder });
    answers.push(JSON.parse(stdout) as Record<string, any>);
  }
  const [web, uploaded, file, base64] = answers;
  expect(web!.features).toHaveLength(1);
  expect(file).toEqual(web);
  expect(base64).toEqual(web);
  const [told] = blocks('inputs-by-reference', 'json').map((block) => JSON.parse(block) as object);
  expect(Object.keys(uploaded!).sort()).toEqual(Object.keys(told!).sort());
  expect(uploaded).toMatchObject({ size: POINT.length, mediaType: 'application/geo+json' });
});

it('receive callbacks', async () => {
  writeFileSync(join(folder, 'receiver.mjs'), blocks('receive-callbacks', 'js')[0]!);
  const [listen, subscribe] = blocks('receive-callbacks', 'sh') as [string, string];
  const env = { ...process.env, PORT: String(callbackPort) };
  const receiver: ChildProcess = spawn('sh', ['-ec', `exec env ${listen}`], { cwd: folder, env });
  let printed = '';
  receiver.stdout!.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  try {
    await expect.poll(() => reachable(), { timeout: 10_000 }).toBe(401);
    await run('sh', ['-ec', subscribe], { cwd: folder });
    await expect.poll(() => printed, { timeout: 10_000 }).toContain('/success {"echo":"Hello","length":5}');
  } finally {
    receiver.kill();
  }
});

it('tenants and quotas', async () => {
  const answers: Record<string, any>[] = [];
  for (const block of blocks('tenants-and-quotas', 'sh')) {
    const { stdout } = await run('sh', ['-ec', block], { cwd: folder });
    answers.push(JSON.parse(stdout) as Record<string, any>);
  }
  const [limits, changed, policy, dryRun, past, scheduled, used] = answers;
  expect(limits).toMatchObject({ version: 1, effective: { maxConcurrentPostgis: 2 } });
  expect(changed).toMatchObject({ version: 2, effective: { maxConcurrentJobs: 8, highestPriority: 10 } });
  expect(policy).toMatchObject({ process: 'buffer', policy: { asyncOnly: true } });
  expect(dryRun).toMatchObject({ admitted: true, mode: 'async', policyVersion: 'buffer:1' });
  expect(past!.history).toHaveLength(1);
  expect(scheduled).toMatchObject({ status: 'accepted' });
  expect(used!.usage).toBeInstanceOf(Array);
});

/** Nobody who does not sign is heard. */
const reachable = (): Promise<number | undefined> =>
  fetch(`http://127.0.0.1:${callbackPort}/success`, { method: 'POST', body: '{}' }).then(
    ({ status }) => status,
    () => undefined,
  );
