/**
 * Steady mixed load on one server: nothing fails, nothing piles up. `npm test` runs a cut of it; `npm run test:soak` runs
 * ten minutes and holds the last third against the first.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { executeAsync, executeSync } from '../support/ogc-client.js';
import { counties, upTo } from '../support/real-data.js';
import { type SpawnedServer, spawnServer } from '../support/spawned-server.js';

const SECONDS = Number(process.env.HONUA_SOAK_SECONDS ?? 15);
const CLIENTS = 4;
/** Before this many exchanges the heaps of the threads have not found their size. */
const WARM_UP = 400;
/** A cut is too short for percents; then only what leaks fast is seen. */
const LONG = SECONDS >= 300;

interface Sample {
  memory: number;
  files: number;
  threads: number;
}

let database: TestDatabase;
let artifacts: string;
let server: SpawnedServer;

beforeAll(async () => {
  database = await createTestDatabase();
  artifacts = mkdtempSync(join(tmpdir(), 'honua-soak-'));
  server = await spawnServer({ DATABASE_URL: database.url, Processing__ArtifactStore__Folder: artifacts });
});
afterAll(async () => {
  await server.stop('SIGTERM');
  await database.drop();
  rmSync(artifacts, { recursive: true, force: true });
});

const features = upTo(20_000, counties());
const exchanges = [
  () => executeSync(server.url, 'echo', { inputs: { echo: 'soak' }, response: 'document' }),
  () => executeSync(server.url, 'buffer', { inputs: { features, distance: 500 }, response: 'document' }),
  () => executeSync(server.url, 'union', { inputs: { features }, response: 'document' }),
  () => executeAsync(server.url, 'dissolve', { inputs: { features, by: 'state' }, response: 'document' }),
];

/** What the server's process holds now: MB, open files, threads. */
function sample(): Sample {
  const status = readFileSync(`/proc/${server.process.pid}/status`, 'utf8');
  const field = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)![1]);
  return {
    memory: field('VmRSS') / 1024,
    files: readdirSync(`/proc/${server.process.pid}/fd`).length,
    threads: field('Threads'),
  };
}

async function load(goesOn: () => boolean): Promise<number[]> {
  const times: number[] = [];
  const client = async (first: number): Promise<void> => {
    for (let next = first; goesOn(); next++) {
      const began = performance.now();
      await exchanges[next % exchanges.length]!();
      times.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, first) => client(first)));
  return times;
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

it(
  `${SECONDS} s of mixed load leave memory, files, threads and latency where they were`,
  async () => {
    let warming = 0;
    await load(() => warming++ < WARM_UP);
    const before = sample();
    const thirds: { latency: number; memory: number }[] = [];
    for (let third = 0; third < 3; third++) {
      const end = performance.now() + (SECONDS * 1000) / 3;
      const times = await load(() => performance.now() < end);
      thirds.push({ latency: median(times), memory: sample().memory });
    }
    const after = sample();
    console.log({ before, after, thirds });

    expect(after.threads).toBeLessThanOrEqual(before.threads + 2);
    expect(after.files).toBeLessThanOrEqual(before.files + 20);
    const [first, , last] = thirds as [(typeof thirds)[0], (typeof thirds)[0], (typeof thirds)[0]];
    if (LONG) {
      expect(last.latency).toBeLessThan(first.latency * 1.1);
      expect(last.memory).toBeLessThan(first.memory * 1.1);
    } else {
      expect(after.memory).toBeLessThan(before.memory + 200);
    }
  },
  (SECONDS + 120) * 1000,
);
