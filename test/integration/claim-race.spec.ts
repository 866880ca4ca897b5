/** Four worker processes, twenty tenants, limits that chance chose: by the clock of the database none is ever exceeded. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Arbitrary, integer, option, record, sample } from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { limitsInDatabase, type TenantLimits } from '../../src/control-plane/policy/tenant-limits.js';
import type { ProcessRun } from '../../src/control-plane/run/process-run.entity.js';
import { Database } from '../../src/database/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aRun, aSyncRun, claim, CONFIGURED, insert, PRICES, setLimits } from '../support/run-rows.js';

const WORKERS = 4;
const TENANTS = 20;
const QUEUED = 800;
const LANES = ['in-process', 'postgis'];
const CLASSES = ['CpuBurst', 'DbHeavy', 'PythonGpu', 'LongTail'] as const;
const LEASE_MS = 3_000;

let test: TestDatabase;
let database: Database;
let workers: ChildProcess[] = [];
beforeAll(async () => {
  test = await createTestDatabase();
  database = await Database.open({ url: test.url, poolSize: 8, statementTimeoutMs: 30_000 });
});
afterAll(async () => {
  await kill();
  await database.close();
  await test.drop();
});

const few = (max: number): Arbitrary<number> => integer({ min: 1, max });
const fewOrAny = (max: number): Arbitrary<number | null> => option(few(max));
const anyLimits: Arbitrary<TenantLimits> = record({
  maxConcurrentJobs: few(4),
  maxConcurrentCpuBurst: fewOrAny(3),
  maxConcurrentDbHeavy: fewOrAny(2),
  maxConcurrentPythonGpu: fewOrAny(1),
  maxConcurrentLongTail: fewOrAny(1),
  maxConcurrentPostgis: fewOrAny(2),
});
const any = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)]!;
const rules = { limits: limitsInDatabase(CONFIGURED.limits), leaseMs: LEASE_MS };

function startWorkers(over: object): void {
  workers = Array.from({ length: WORKERS }, (_, n) => {
    const given = {
      url: test.url,
      name: `w${n}`,
      lanes: LANES,
      rules,
      prices: PRICES,
      connections: 3,
      ...over,
    };
    return spawn(
      process.execPath,
      [join(import.meta.dirname, '../support/claiming-worker.mjs'), JSON.stringify(given)],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
  });
}
async function kill(): Promise<void> {
  await Promise.all(
    workers.map(async (worker) => {
      if (worker.exitCode !== null || worker.signalCode !== null) return;
      worker.kill('SIGKILL');
      await once(worker, 'exit');
    }),
  );
  workers = [];
}
const ask = <Row>(statement: string, values: unknown[] = []): Promise<Row[]> =>
  database.asSystem((manager) => manager.query<Row[]>(statement, values));

/** The most that ran at one moment, by what `of` tells apart: starts are stamped under the lock, ends before their commit. */
const mostAtOnce = (of: string, where = 'true'): Promise<{ tenant: string; of: string; most: number }[]> =>
  ask(
    `select tenant_id as tenant, kind as of, max(running)::int as most from (
       select tenant_id, kind, sum(step) over (partition by tenant_id, kind order by at, step) as running from (
         select tenant_id, ${of} as kind, started_at as at, 1 as step from process_runs
          where started_at is not null and ${where}
         union all
         select tenant_id, ${of}, completed_at, -1 from process_runs
          where completed_at is not null and started_at is not null and ${where}) moves) sums
      group by 1, 2`,
  );

it('no limit is exceeded, whichever they are, and killed workers leave no slot taken', async () => {
  const seed = Date.now() % 2 ** 31;
  const limits = new Map(sample(anyLimits, { seed, numRuns: TENANTS }).map((own, n) => [`tenant-${n}`, own]));
  const tenants = [...limits.keys()];
  const chance = (lane: string): Partial<ProcessRun> => ({
    tenant: any(tenants),
    resourceClass: any(CLASSES),
    lane,
    decision: { ...aRun().decision!, tiers: [lane], lane } as ProcessRun['decision'],
  });
  await database.asSystem(async (manager) => {
    for (const [tenant, own] of limits) await setLimits(manager, tenant, own);
    for (let n = 0; n < QUEUED; n++) await insert(manager, aRun(chance(any(LANES))));
  });
  const sync = Array.from({ length: 50 }, () => {
    const lane = any(LANES);
    return { ...aSyncRun({ ...chance(lane), tier: lane as 'in-process' }), lane: `sync-${lane}` };
  });
  startWorkers({ sync, holdMs: 8 });
  const left = (): Promise<number> =>
    ask<{ n: number }>(`select count(*)::int as n from process_runs where state = 'queued'`).then(
      ([row]) => row!.n,
    );
  await expect.poll(left, { timeout: 90_000, interval: 500 }).toBe(0);

  let met = 0;
  const holds = (rows: { tenant: string; of: string; most: number }[], key: (of: string) => string): void => {
    for (const { tenant, of, most } of rows) {
      const limit = limits.get(tenant)![key(of) as keyof TenantLimits] as number | null;
      expect(most, `${tenant} ${key(of)}, seed ${seed}`).toBeLessThanOrEqual(limit ?? Infinity);
      if (most === limit) met += 1;
    }
  };
  holds(await mostAtOnce(`''`), () => 'maxConcurrentJobs');
  holds(await mostAtOnce('resource_class'), (of) => `maxConcurrent${of}`);
  holds(await mostAtOnce(`''`, `tier = 'postgis'`), () => 'maxConcurrentPostgis');
  expect(met).toBeGreaterThan(TENANTS); // limits were really met
  await kill();

  // Again, with work that outlives its worker: every slot is taken, and all workers are killed.
  await database.asSystem(async (manager) => {
    for (let n = 0; n < 400; n++) await insert(manager, aRun(chance('in-process')));
  });
  startWorkers({ sync: [], holdMs: 1e9, lanes: ['in-process'], connections: 8 });
  const running = (): Promise<number> =>
    ask<{ n: number }>(
      `select count(*)::int as n from process_runs where state = 'running' and lease_until > clock_timestamp()`,
    ).then(([row]) => row!.n);
  await expect.poll(running, { timeout: 20_000 }).toBeGreaterThanOrEqual(20);
  await kill();
  expect(await running()).toBeGreaterThan(0);
  await pause(LEASE_MS + 50);
  expect(await running()).toBe(0);
  // Nobody swept: what was lost still says that it runs, and is in nobody's way.
  let again = 0;
  await database.asSystem(async (manager) => {
    for (;;) {
      const answer = await claim(manager, 'in-process', { ...rules, leaseMs: 60_000 });
      if (answer.outcome === 'none') break;
      again += 1;
    }
  });
  expect(again).toBeGreaterThanOrEqual(20);
}, 180_000);
