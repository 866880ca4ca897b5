import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { dismissRun } from '../../src/control-plane/run/dismiss-run.js';
import { findRun } from '../../src/control-plane/run/find-run.js';
import { finishCancelled } from '../../src/control-plane/run/finish-run.js';
import { giveUpAttempt } from '../../src/control-plane/run/give-up-attempt.js';
import type { ProcessRun } from '../../src/control-plane/run/process-run.entity.js';
import { renewLeases } from '../../src/control-plane/run/renew-leases.js';
import { reportProgress } from '../../src/control-plane/run/report-progress.js';
import { requestCancel } from '../../src/control-plane/run/request-cancel.js';
import { sweepRuns } from '../../src/control-plane/run/sweep-runs.js';
import { Database } from '../../src/database/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  aRun,
  claim,
  claimed,
  eventKinds,
  insert,
  PRICES,
  refOf,
  RULES,
  succeedRun,
} from '../support/run-rows.js';

const usage = { wallMs: 1, cpuMs: 1 };
const SHORT_LEASE = { limits: { maxConcurrentJobs: 2 }, leaseMs: 20 };

let test: TestDatabase;
let database: Database;
let tenant: string;

beforeAll(async () => {
  test = await createTestDatabase();
  database = await Database.open({ url: test.url, poolSize: 8, statementTimeoutMs: 30_000 });
});
afterAll(async () => {
  await database.close();
  await test.drop();
});
beforeEach(() => {
  tenant = randomUUID();
});

/** Each test has a tenant and a lane of its own. */
const inLane = (over: Partial<ProcessRun> = {}): Partial<ProcessRun> =>
  aRun({ tenant, lane: tenant, ...over });

const running = async (rules = RULES): Promise<ProcessRun> =>
  database.asSystem(async (manager) => {
    await insert(manager, inLane());
    return claimed(manager, tenant, rules);
  });
const look = (id: string): Promise<ProcessRun | undefined> =>
  database.asSystem((manager) => findRun(manager, id));

it('a claim starts the run, once, and keeps a ledger', async () => {
  const run = await running();
  expect(run).toMatchObject({ state: 'running', attempt: 1, tier: 'in-process', lostAttempts: 0 });
  expect(run.leaseUntil!.getTime() - run.startedAt!.getTime()).toBeCloseTo(30_000, -2);
  await database.asSystem(async (manager) => {
    expect((await claim(manager, tenant)).outcome).toBe('none');
    await succeedRun(manager, refOf(run));
    expect(await eventKinds(manager, run.id)).toEqual(['accepted', 'started', 'succeeded']);
  });
});

it('a stale attempt writes nothing, whatever it tries', async () => {
  const stale = await running(SHORT_LEASE);
  await pause(40);
  await database.asSystem(async (manager) => {
    await sweepRuns(manager, 5);
    const fresh = await claimed(manager, tenant);
    expect(fresh).toMatchObject({ id: stale.id, attempt: 2, lostAttempts: 1 });
    const ref = refOf(stale);
    expect(await succeedRun(manager, ref)).toBeUndefined();
    expect(await finishCancelled(manager, ref, usage, PRICES)).toBeUndefined();
    expect(await reportProgress(manager, ref, 50)).toBeUndefined();
    expect(await renewLeases(manager, [ref], 30_000)).toEqual([]);
    expect(await giveUpAttempt(manager, ref, { lost: true, maxLost: 5, reason: 'retry' })).toBeUndefined();
    expect(await findRun(manager, stale.id)).toEqual(fresh);
    expect(await succeedRun(manager, refOf(fresh))).toBeDefined();
    expect(await eventKinds(manager, stale.id)).toEqual([
      'accepted',
      'started',
      'requeued',
      'started',
      'succeeded',
    ]);
  });
});

it('an expired lease is not revived, and its slot is free at once', async () => {
  const lost = await running({ limits: { maxConcurrentJobs: 1 }, leaseMs: 20 });
  await database.asSystem(async (manager) => {
    await insert(manager, inLane());
    expect(
      (await claim(manager, tenant, { limits: { maxConcurrentJobs: 1 }, leaseMs: 30_000 })).outcome,
    ).toBe('none');
    await pause(40);
    expect(await renewLeases(manager, [refOf(lost)], 30_000)).toEqual([]);
    expect(
      (await claim(manager, tenant, { limits: { maxConcurrentJobs: 1 }, leaseMs: 30_000 })).outcome,
    ).toBe('claimed');
  });
});

it('the fifth lost attempt fails the run, once', async () => {
  await database.asSystem(async (manager) => {
    await insert(manager, inLane());
    for (let attempt = 1; attempt <= 5; attempt++) {
      expect((await claimed(manager, tenant, SHORT_LEASE)).attempt).toBe(attempt);
      await pause(40);
      const moved = (await sweepRuns(manager, 5)).filter((run) => run.tenant === tenant);
      expect(moved).toMatchObject([
        attempt < 5 ? { state: 'queued' } : { state: 'failed', failure: { reason: 'tier-lost' } },
      ]);
    }
    expect((await claim(manager, tenant)).outcome).toBe('none');
  });
});

it('a queued run past its deadline fails as timed out', async () => {
  await database.asSystem(async (manager) => {
    const run = inLane({ deadlineAt: new Date(Date.now() - 1) });
    await insert(manager, run);
    await sweepRuns(manager, 5);
    expect(await findRun(manager, run.id!)).toMatchObject({
      state: 'failed',
      failure: { reason: 'timeout' },
    });
  });
});

it('handing back does not count as lost', async () => {
  const run = await running();
  const back = await database.asSystem((manager) =>
    giveUpAttempt(manager, refOf(run), { lost: false, maxLost: 1, reason: 'shutdown' }),
  );
  expect(back).toMatchObject({
    state: 'queued',
    attempt: 1,
    lostAttempts: 0,
    worker: null,
    leaseUntil: null,
  });
});

it('a cancelled run whose owner is lost ends cancelled, and is not run again', async () => {
  const run = await running(SHORT_LEASE);
  await database.inTenant(tenant, (manager) => requestCancel(manager, run.id));
  await pause(40);
  await database.asSystem((manager) => sweepRuns(manager, 5));
  expect((await look(run.id))!.state).toBe('cancelled');
});

it('cancel and finish at once: exactly one of them wins, for ever', async () => {
  const ends = new Set<string>();
  for (let round = 0; round < 40; round++) {
    const run = await running();
    const [cancelled, finished] = await Promise.all([
      database.inTenant(tenant, (manager) => requestCancel(manager, run.id)),
      pause(Math.random() * 3).then(() => database.asSystem((manager) => succeedRun(manager, refOf(run)))),
    ]);
    expect([cancelled, finished].filter(Boolean)).toHaveLength(1);
    if (cancelled) await database.asSystem((manager) => finishCancelled(manager, refOf(run), usage, PRICES));
    const { state } = (await look(run.id))!;
    expect(state).toBe(cancelled ? 'cancelled' : 'succeeded');
    ends.add(state);
    expect(await database.inTenant(tenant, (manager) => requestCancel(manager, run.id))).toBeUndefined();
  }
  expect([...ends].sort()).toEqual(['cancelled', 'succeeded']); // both really happened
});

it('a queued run is cancelled at once and never claimed', async () => {
  await database.asSystem((manager) => insert(manager, inLane()));
  const [{ id }] = await database.asSystem((manager) =>
    manager.query<[{ id: string }]>('select id from process_runs where tenant_id = $1', [tenant]),
  );
  const run = await database.inTenant(tenant, (manager) => requestCancel(manager, id, 'no longer needed'));
  expect(run).toMatchObject({ state: 'cancelled', message: 'no longer needed', startedAt: null });
  expect((await database.asSystem((manager) => claim(manager, tenant))).outcome).toBe('none');
});

it('progress only rises within an attempt, and starts again with the next', async () => {
  const run = await running(SHORT_LEASE);
  await database.asSystem(async (manager) => {
    const progress = async (percent: number): Promise<number | undefined> =>
      (await reportProgress(manager, refOf(run), percent))?.progress;
    expect(await progress(30)).toBe(30);
    expect(await progress(20)).toBeUndefined();
    expect(await progress(30)).toBeUndefined();
    expect(await progress(31)).toBe(31);
    await pause(40);
    await sweepRuns(manager, 5);
    expect((await claimed(manager, tenant)).progress).toBe(0);
  });
});

it('only a finished run can be dismissed, once', async () => {
  const run = await running();
  const dismiss = (): Promise<ProcessRun | undefined> =>
    database.inTenant(tenant, (manager) => dismissRun(manager, run.id));
  expect(await dismiss()).toBeUndefined();
  await database.asSystem((manager) => succeedRun(manager, refOf(run)));
  expect((await dismiss())!.dismissedAt).toBeInstanceOf(Date);
  expect(await dismiss()).toBeUndefined();
});

it('nobody may change a line of the ledger', async () => {
  const run = await running();
  for (const statement of [
    `update process_run_events set kind = 'succeeded' where run_id = '${run.id}'`,
    `delete from process_run_events where run_id = '${run.id}'`,
    'truncate process_run_events',
  ]) {
    await expect(database.asSystem((manager) => manager.query(statement))).rejects.toThrow(
      'permission denied',
    );
    await expect(database.inTenant(tenant, (manager) => manager.query(statement))).rejects.toThrow(
      'permission denied',
    );
  }
});
