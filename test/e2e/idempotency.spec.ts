import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';
import { startCuttingProxy } from '../support/cutting-proxy.js';
import { post } from '../support/ogc-client.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const POINT = { type: 'Point', coordinates: [10, 50] };
const send = (key: string, distance: number, prefer = 'respond-async', url = server.url): Promise<Response> =>
  post(url, 'buffer', { inputs: { features: POINT, distance } }, { 'idempotency-key': key, prefer });

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

it.each(['respond-async', ''])(
  'a reply that was cut is found again by its key (prefer: %j)',
  async (prefer) => {
    const proxy = await startCuttingProxy(server.url);
    try {
      const key = `cut-${prefer}`;
      const count = async (): Promise<number> =>
        ((await (await fetch(`${server.url}/jobs?limit=1000`)).json()) as { jobs: unknown[] }).jobs.length;
      const before = await count();
      await expect(send(key, 300, prefer, proxy.url)).rejects.toThrow();
      expect(proxy.cuts).toBe(1);
      expect(await count()).toBe(before + 1);
      const again = await send(key, 300, prefer);
      expect(again.status).toBe(prefer === '' ? 200 : 201);
      await again.arrayBuffer();
      expect(await count()).toBe(before + 1);
      expect((await send(key, 301, prefer)).status).toBe(422);
    } finally {
      await proxy.close();
    }
  },
);
