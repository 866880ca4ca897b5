/** Clients that are slow, hang up or only wait: nothing of them stays in memory, and no file or socket stays open. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { Agent, get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { liveBytes, MEASURABLE } from '../support/live-memory.js';
import { post, submit, untilFinished } from '../support/ogc-client.js';
import { type SpawnedServer, spawnServer } from '../support/spawned-server.js';

const MEBIBYTE = 1024 ** 2;

let database: TestDatabase;
let artifacts: string;
let server: SpawnedServer;
beforeAll(async () => {
  database = await createTestDatabase();
  artifacts = mkdtempSync(join(tmpdir(), 'honua-leaks-'));
  const env = { DATABASE_URL: database.url, Processing__ArtifactStore__Folder: artifacts, ...MEASURABLE };
  // A job that lasts costs by the second.
  server = await spawnServer({ ...env, Limits__MaxEstimatedCostUnits: '1000' });
  // Whatever is opened or compiled once is, before anything is counted.
  for (let i = 0; i < 20; i++) await post(server.url, 'echo', { inputs: { echo: 'x' } });
});
afterAll(async () => {
  await server.stop('SIGTERM');
  await database.drop();
  rmSync(artifacts, { recursive: true, force: true });
});

const openFiles = (): number => readdirSync(`/proc/${server.process.pid}/fd`).length;

/** Runs what clients do, and expects the server to be as before afterwards. */
async function leavesNothing(work: () => Promise<void>): Promise<void> {
  const before = { files: openFiles(), bytes: await liveBytes(server) };
  await work();
  const end = Date.now() + 15_000;
  // Database connections of the pool may have been opened meanwhile; they are not the clients'.
  while (openFiles() > before.files + 20 && Date.now() < end) await sleep(100);
  expect(openFiles()).toBeLessThanOrEqual(before.files + 20);
  // What is only late to go is no leak.
  const grown = async (): Promise<number> => ((await liveBytes(server)) - before.bytes) / MEBIBYTE;
  await expect.poll(grown, { timeout: 15_000, interval: 500 }).toBeLessThan(10);
  expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
}

const open = (url: string, agent = new Agent()): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => get(url, { agent }, resolve).on('error', reject));

/** A result of some 20 MB, by the URL it can be read at. */
async function largeResult(): Promise<string> {
  const features = Array.from({ length: 2_000 }, (_, i) => ({
    type: 'Feature',
    properties: {},
    geometry: { type: 'Point', coordinates: [(i % 60) * 2 - 60, Math.floor(i / 60) - 20] },
  }));
  const inputs = { features: { type: 'FeatureCollection', features }, distance: 1000, segments: 60 };
  const job = await submit(server.url, 'buffer', { inputs });
  expect((await untilFinished(job)).status).toBe('successful');
  return `${job}/results`;
}

it('readers that stop reading, and then hang up', async () => {
  const url = await largeResult();
  expect((await (await fetch(url)).arrayBuffer()).byteLength).toBeGreaterThan(10 * MEBIBYTE);
  await leavesNothing(async () => {
    const replies = await Promise.all(Array.from({ length: 40 }, () => open(url)));
    for (const reply of replies) reply.once('data', () => reply.pause());
    await sleep(2_000);
    // Forty times the result is far more than may be held for them meanwhile.
    expect(await liveBytes(server)).toBeLessThan(200 * MEBIBYTE);
    expect((await post(server.url, 'echo', { inputs: { echo: 'x' } })).status).toBe(200);
    for (const reply of replies) reply.destroy();
  });
}, 120_000);

it('callers that hang up while their request is computed', async () => {
  await leavesNothing(async () => {
    for (let round = 0; round < 10; round++) {
      const calls = Array.from({ length: 10 }, async () => {
        const hangup = AbortSignal.timeout(50);
        const body = JSON.stringify({ inputs: { echo: 'x', pause: 5 } });
        const headers = { 'content-type': 'application/json' };
        const url = `${server.url}/processes/echo/execution`;
        await fetch(url, { method: 'POST', headers, body, signal: hangup }).catch(() => undefined);
      });
      await Promise.all(calls);
    }
    const left = async (): Promise<unknown[]> =>
      ((await (await fetch(`${server.url}/jobs?status=accepted,running`)).json()) as { jobs: unknown[] })
        .jobs;
    const end = Date.now() + 15_000;
    while ((await left()).length > 0 && Date.now() < end) await sleep(100);
    expect(await left()).toEqual([]);
  });
}, 60_000);

it('five hundred listeners to a job that tells nothing', async () => {
  const job = await submit(server.url, 'echo', { inputs: { echo: 'x', pause: 300 } });
  await leavesNothing(async () => {
    const agent = new Agent({ maxSockets: Infinity });
    const streams = await Promise.all(Array.from({ length: 500 }, () => open(`${job}/events`, agent)));
    for (const stream of streams) stream.resume();
    expect(new Set(streams.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    expect(openFiles()).toBeGreaterThan(500);
    // Others are answered meanwhile.
    expect((await fetch(job, { signal: AbortSignal.timeout(15_000) })).status).toBe(200);
    await sleep(2_000);
    for (const stream of streams) stream.destroy();
  });
  await fetch(job, { method: 'DELETE' });
}, 60_000);
