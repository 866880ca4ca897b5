import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';
import { post } from '../support/ogc-client.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const POINT = { type: 'Point', coordinates: [10, 50] };
const send = (key: string, distance: number, prefer = 'respond-async'): Promise<Response> =>
  post(server.url, 'buffer', { inputs: { features: POINT, distance } }, { 'idempotency-key': key, prefer });

it('fifty requests at once with one key make one run', async () => {
  const replies = await Promise.all(Array.from({ length: 50 }, () => send('fifty', 100)));
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]));
  expect(new Set(replies.map((reply) => reply.headers.get('location'))).size).toBe(1);
  const { jobs } = (await (await fetch(`${server.url}/jobs?limit=100`)).json()) as { jobs: unknown[] };
  expect(jobs).toHaveLength(1);
});

it('the same key with another body is refused as 422', async () => {
  expect((await send('twice', 100)).status).toBe(201);
  expect((await send('twice', 101)).status).toBe(422);
});

it('a repeated synchronous request gives the result of the first run again', async () => {
  const first = await send('sync', 250, '');
  const second = await send('sync', 250, '');
  expect([first.status, second.status]).toEqual([200, 200]);
  expect(await second.text()).toBe(await first.text());
  expect(second.headers.get('link')).toBe(first.headers.get('link'));
});
