/** Cancelling stops the work: seen from outside, by the processor time of the server's process. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { statusOf, submit } from '../support/ogc-client.js';
import { countries } from '../support/real-data.js';
import { type SpawnedServer, spawnServer } from '../support/spawned-server.js';

const TICKS_PER_SECOND = 100;

let database: TestDatabase;
let server: SpawnedServer;
let artifacts: string;
const start = (): Promise<SpawnedServer> =>
  spawnServer({ DATABASE_URL: database.url, Processing__ArtifactStore__Folder: artifacts });

beforeAll(async () => {
  database = await createTestDatabase();
  artifacts = mkdtempSync(join(tmpdir(), 'honua-cancel-'));
  server = await start();
});
afterAll(async () => {
  await server.stop('SIGTERM');
  await database.drop();
  rmSync(artifacts, { recursive: true, force: true });
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Seconds of processor time the process has used, all its threads together (proc(5), fields 14 and 15). */
function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

async function processorShare(pid: number, ms: number): Promise<number> {
  const before = processorSeconds(pid);
  await pause(ms);
  return (processorSeconds(pid) - before) / (ms / 1000);
}

it('a running union is dismissed at once, its processor idle in two seconds, its results gone for ever', async () => {
  const job = await submit(server.url, 'union', { inputs: { features: countries() } });
  while ((await statusOf(job)).status !== 'running') await pause(10);
  await pause(500);
  expect(await processorShare(server.process.pid!, 500)).toBeGreaterThan(0.1);

  const reply = await fetch(job, { method: 'DELETE' });
  expect(reply.status).toBe(200);
  expect(await reply.json()).toMatchObject({ status: 'dismissed' });
  expect((await statusOf(job)).status).toBe('dismissed');

  await pause(2_000);
  expect(await processorShare(server.process.pid!, 1_000)).toBeLessThan(0.1);
  expect([404, 410]).toContain((await fetch(`${job}/results`)).status);

  const again = await fetch(job, { method: 'DELETE' });
  expect(again.status).toBe(200);
  expect(await again.json()).toMatchObject({ status: 'dismissed' });

  await server.stop('SIGKILL');
  server = await start();
  const later = new URL(new URL(job).pathname, server.url).href;
  expect((await statusOf(later)).status).toBe('dismissed');
  expect([404, 410]).toContain((await fetch(`${later}/results`)).status);
}, 120_000);

it('a queued run is cancelled before it ever starts', async () => {
  const pausing = { inputs: { echo: 'x', pause: 3 } };
  await Promise.all(Array.from({ length: 11 }, () => submit(server.url, 'echo', pausing)));
  // After all of them, so that it is behind all of them.
  const last = await submit(server.url, 'echo', pausing);
  expect((await statusOf(last)).status).toBe('accepted');
  const reply = await fetch(last, { method: 'DELETE' });
  expect(await reply.json()).toMatchObject({ status: 'dismissed' });
  await pause(4_000);
  const status = (await statusOf(last)) as { started?: string; status: string };
  expect(status).toMatchObject({ status: 'dismissed' });
  expect(status.started).toBeUndefined();
});
