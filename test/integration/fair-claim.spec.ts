/** The claim under load: limits are never exceeded, nobody starves, and no wake-up is lost. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toColumns } from '../../src/control-plane/run/hydrate.js';
import { runWindow } from '../../src/control-plane/run/run-window.js';
import { Database } from '../../src/database/index.js';
import { type ControlPlane, startControlPlane } from '../support/control-plane.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aRun, aSyncRun, claim, claimed, insert, refOf, setLimits, succeedRun } from '../support/run-rows.js';

let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  database = await Database.open({ url: test.url, poolSize: 24, statementTimeoutMs: 30_000 });
});
afterAll(async () => {
  await database.close();
  await test.drop();
});

/** The most runs of one tenant that ran at one moment, by the database clock: starts are stamped under the lock. */
const mostAtOnce = (lane: string): Promise<number> =>
  database.asSystem(async (manager) => {
    const [row] = await manager.query<[{ most: number }]>(
      `select max(running)::int as most from (
         select sum(step) over (partition by tenant_id order by at, step) as running from (
           select tenant_id, started_at as at, 1 as step from process_runs where lane = $1 and started_at is not null
           union all
           select tenant_id, completed_at, -1 from process_runs where lane = $1 and completed_at is not null) moves) sums`,
      [lane],
    );
    return row.most;
  });

describe('limits', () => {
  it('hold in 600 raced claims and synchronous starts of 3 tenants on 8 connections', async () => {
    const lane = randomUUID();
    const tenants = ['a', 'b', 'c'].map((name) => `${name}-${lane}`);
    await database.asSystem(async (manager) => {
      for (let n = 0; n < 450; n++) await insert(manager, aRun({ lane, tenant: tenants[n % 3]! }));
    });
    let synchronous = 0;
    let refused = 0;
    const hold = async (): Promise<void> => pause(Math.random() * 4);
    const claimer = (): Promise<void> =>
      database.asSystem(async (manager) => {
        for (;;) {
          const answer = await claim(manager, lane);
          if (answer.outcome === 'claimed') {
            await hold();
            await succeedRun(manager, refOf(answer.run));
          } else if (answer.outcome === 'none') {
            const [left] = await manager.query<unknown[]>(
              `select 1 from process_runs where lane = $1 and state = 'queued' limit 1`,
              [lane],
            );
            if (!left) return;
            await pause(1);
          }
        }
      });
    const starter = (): Promise<void> =>
      database.asSystem(async (manager) => {
        while (synchronous < 150) {
          const run = aSyncRun({ lane, tenant: tenants[synchronous % 3]! });
          const answer = await insert(manager, run);
          if (answer.outcome === 'inserted') {
            synchronous += 1;
            await hold();
            await succeedRun(manager, refOf(answer.run));
          } else refused += 1;
        }
      });
    await Promise.all([...Array.from({ length: 5 }, claimer), ...Array.from({ length: 3 }, starter)]);
    expect(await mostAtOnce(lane)).toBe(2);
    expect(refused).toBeGreaterThan(0); // the limit was really met from both sides
    const hints = await database.asSystem((manager) =>
      manager.query<unknown[]>('select 1 from lane_tenants where lane = $1', [lane]),
    );
    expect(hints).toEqual([]);
  });

  it('are the tenant’s own where it has one', async () => {
    const lane = randomUUID();
    await database.asSystem(async (manager) => {
      await setLimits(manager, lane, { maxConcurrentJobs: 1 });
      await insert(manager, aRun({ lane, tenant: lane }));
      await insert(manager, aRun({ lane, tenant: lane }));
      await claimed(manager, lane);
      expect((await claim(manager, lane)).outcome).toBe('none');
      expect((await insert(manager, aSyncRun({ lane, tenant: lane }))).outcome).toBe('no-slot');
    });
  });
});

describe('fairness', () => {
  it.each([2, 1_000])(
    'with limit %i, a tenant with one run behind 500 of another is the very next',
    async (max) => {
      const lane = randomUUID();
      const rules = { limits: { maxConcurrentJobs: max }, leaseMs: 30_000 };
      await database.asSystem(async (manager) => {
        for (let n = 0; n < 500; n++) await insert(manager, aRun({ lane, tenant: `big-${lane}` }));
        for (let n = 0; n < Math.min(max, 4); n++) await claimed(manager, lane, rules);
        await insert(manager, aRun({ lane, tenant: `small-${lane}` }));
        expect((await claimed(manager, lane, rules)).tenant).toBe(`small-${lane}`);
      });
    },
  );

  it('a tenant’s runs start in the order they came, by priority first', async () => {
    const lane = randomUUID();
    const order: string[] = [];
    await database.asSystem(async (manager) => {
      for (const [n, priority] of [1, 1, 0, 1].entries()) {
        const submittedAt = new Date(Date.now() + n);
        await insert(manager, aRun({ lane, tenant: lane, priority, submittedAt, user: String(n) }));
      }
      for (let n = 0; n < 4; n++)
        order.push((await claimed(manager, lane, { limits: { maxConcurrentJobs: 9 }, leaseMs: 1e4 })).user);
    });
    expect(order).toEqual(['2', '0', '1', '3']);
  });
});

describe('wake-ups', () => {
  let plane: ControlPlane;
  /** Polls and sweeps that cannot help within the test. */
  const ASLEEP = {
    Scheduling__PollEvery: '10m',
    Scheduling__SweepEvery: '10m',
    Limits__MaxConcurrentJobs: '100',
  };
  beforeAll(async () => {
    plane = await startControlPlane(test.url, ASLEEP);
    const { run } = (await plane.submit({ warm: true })) as { run: { definitionHash: string } };
    definitionHash = run.definitionHash;
  });
  afterAll(() => plane.close());
  let definitionHash: string;

  const connect = async (): Promise<Client> => {
    const client = new Client({ connectionString: test.superUrl });
    await client.connect();
    await client.query('set role honua_system');
    return client;
  };

  /** Writes a run; nobody sees it before the commit. */
  const write = async (client: Client, tenant: string): Promise<string> => {
    const run = aRun({ definitionHash, tenant });
    const { floor, ceil } = runWindow();
    await client.query('begin');
    await client.query('select insert_run($1, $2, null, null, $3, $4, $5, $6)', [
      JSON.stringify(toColumns(run)),
      Buffer.from('{}'),
      floor,
      ceil,
      JSON.stringify({ maxConcurrentJobs: 100 }),
      '30 s',
    ]);
    return run.id!;
  };

  /**
   * A worker that was late with its last look may drop the hint before the first of two submits of a tenant holds it; then
   * the second waits until the first commits, and this is no race to be provoked.
   */
  const isStuck = (writing: Promise<unknown>): Promise<boolean> =>
    Promise.race([writing.then(() => false), pause(3_000).then(() => true)]);

  it('none is lost in 40 provoked races: a submit that commits after the worker has looked', async () => {
    const [first, second] = [await connect(), await connect()];
    let stranded = 0;
    for (let round = 0; round < 40; round++) {
      // Of one tenant, whose hint the worker would drop as it drains the lane; or of another, which has none yet.
      const [early, late] = round % 2 ? ['race', 'race'] : ['race', 'other'];
      await first.query(
        `insert into lane_tenants values ('in-process', 'race', $1, 'CpuBurst') on conflict do nothing`,
        [runWindow().floor],
      );
      const lateId = await write(second, late);
      const writing = write(first, early);
      if (await isStuck(writing)) {
        await second.query('commit');
        const spoiledId = await writing;
        await first.query('commit');
        await plane.ended(spoiledId, early);
        round -= 1;
        continue;
      }
      const earlyId = await writing;
      await first.query('commit');
      await plane.ended(earlyId, early);
      await pause(15); // the worker has looked for more, and found nothing
      await second.query('commit');
      await pause(120);
      if ((await plane.get(lateId, late)).state === 'queued') stranded += 1;
    }
    await Promise.all([first.end(), second.end()]);
    expect(stranded).toBe(0);
  });

  it('a slot freed in one lane wakes the tenant’s runs in another', async () => {
    const blocker = aSyncRun({ lane: 'elsewhere', tenant: 'narrow', definitionHash });
    await database.asSystem(async (manager) => {
      await setLimits(manager, 'narrow', { maxConcurrentJobs: 1 });
      await insert(manager, blocker);
    });
    const waiting = await plane.submitRun({}, { mode: 'async' }, 'narrow');
    await pause(100);
    expect((await plane.get(waiting.id, 'narrow')).state).toBe('queued');
    await plane.recordSuccess({ runId: blocker.id!, tenant: 'narrow', attempt: 1 });
    expect((await plane.ended(waiting.id, 'narrow', 2_000)).state).toBe('succeeded');
  });
});
