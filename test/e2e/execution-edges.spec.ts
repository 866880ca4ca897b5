/** Execute requests at their edges: callers that leave, dry runs, waits that end, bodies that are large. */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';
import { jobUrl, post, statusOf, untilFinished } from '../support/ogc-client.js';

/** The compute threads may still be starting. */
const SOON = { timeout: 15_000 };

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ Limits__MaxInputSizeBytes: '1MiB', Workers__Small: '2' });
});
afterAll(() => server.close());

const jobs = async (): Promise<{ jobID: string; status: string }[]> =>
  (
    (await (await fetch(`${server.url}/jobs?limit=1000`)).json()) as {
      jobs: { jobID: string; status: string }[];
    }
  ).jobs;

it('a caller who hangs up cancels a synchronous run that nobody can ask for again', async () => {
  const abort = new AbortController();
  const call = fetch(`${server.url}/processes/echo/execution`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ inputs: { echo: 'x', pause: 20 } }),
    signal: abort.signal,
  });
  await expect.poll(async () => (await jobs())[0]?.status, SOON).toBe('running');
  abort.abort();
  await expect(call).rejects.toThrow();
  await expect.poll(async () => (await jobs())[0]!.status, SOON).toBe('dismissed');
});

it('with a key the run goes on, and the repeated request gets its result', async () => {
  const body = { inputs: { echo: 'kept', pause: 1.5 }, response: 'document' };
  const abort = new AbortController();
  const headers = { 'idempotency-key': 'hang-up' };
  const call = fetch(`${server.url}/processes/echo/execution`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: abort.signal,
  });
  await expect.poll(async () => (await jobs())[0]?.status, SOON).toBe('running');
  abort.abort();
  await expect(call).rejects.toThrow();
  const again = await post(server.url, 'echo', body, headers);
  expect(again.status).toBe(200);
  expect(await again.json()).toMatchObject({ echo: 'kept' });
});

it('a wait that ends first gives the same run as a job', async () => {
  const reply = await post(server.url, 'echo', { inputs: { echo: 'late', pause: 2 } }, { prefer: 'wait=1' });
  expect([reply.status, reply.headers.get('preference-applied')]).toEqual([201, 'wait=1']);
  const job = jobUrl(server.url, reply);
  expect(await statusOf(job)).toMatchObject({ status: 'running' });
  expect((await untilFinished(job)).status).toBe('successful');
});

it('a dry run tells the decision and records nothing', async () => {
  const before = (await jobs()).length;
  const body = { inputs: { echo: 'x' } };
  for (const prefer of ['dry-run', 'handling=strict; dry-run']) {
    const reply = await post(server.url, 'echo', body, { prefer });
    expect([reply.status, reply.headers.get('preference-applied')]).toEqual([200, prefer.replace(';', ',')]);
    expect(await reply.json()).toMatchObject({ admitted: true, mode: 'sync', tiers: ['in-process'] });
  }
  const asked = await fetch(`${server.url}/processes/echo/execution?dry-run=true`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'respond-async' },
    body: JSON.stringify(body),
  });
  expect(await asked.json()).toMatchObject({ admitted: true, mode: 'async' });
  expect((await post(server.url, 'echo', { inputs: {} }, { prefer: 'dry-run' })).status).toBe(400);
  expect(await jobs()).toHaveLength(before);
});

it('a body over the limit is answered as 413 though it is still being sent', async () => {
  const before = (await jobs()).length;
  for (const coding of ['content-length: 20000000', 'transfer-encoding: chunked']) {
    const answer = await sendAllThenRead(coding, 20_000_000);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('"code":"body-too-large"');
    expect(answer.toLowerCase()).toContain('connection: close');
  }
  expect(await jobs()).toHaveLength(before);
});

/** A client as simple as they come: it sends everything before it reads anything. */
async function sendAllThenRead(header: string, size: number): Promise<string> {
  const { port, hostname } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  let answer = '';
  let failed: Error | undefined;
  socket.on('error', (error) => (failed = error));
  socket.write(
    `POST /processes/echo/execution HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${header}\r\n\r\n`,
  );
  const chunk = Buffer.alloc(100_000, 0x20);
  const chunked = header.includes('chunked');
  for (let sent = 0; sent < size; sent += chunk.length) {
    if (chunked) socket.write(`${chunk.length.toString(16)}\r\n`);
    const flushed = socket.write(chunk);
    if (chunked) socket.write('\r\n');
    if (!flushed) await new Promise((resolve) => socket.once('drain', resolve).once('close', resolve));
  }
  if (chunked) socket.write('0\r\n\r\n');
  expect(failed).toBeUndefined();
  socket.on('data', (data: Buffer) => (answer += data.toString()));
  await new Promise((resolve) => socket.once('close', resolve));
  return answer;
}

it('a body that breaks off leaves nothing behind', async () => {
  const { port, hostname } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  socket.write('POST /processes/echo/execution HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n');
  socket.write(`Content-Length: 900000\r\n\r\n${' '.repeat(400_000)}`);
  await sleep(300);
  const before = (await jobs()).length;
  socket.destroy();
  await sleep(200);
  expect(await jobs()).toHaveLength(before);
  expect((await post(server.url, 'echo', { inputs: { echo: 'still there' } })).status).toBe(200);
});

it('an Idempotency-Key that is none is refused', async () => {
  for (const key of ['a b', 'x'.repeat(256), 'ü'])
    expect(
      (await post(server.url, 'echo', { inputs: { echo: 'x' } }, { 'idempotency-key': key })).status,
    ).toBe(400);
});
