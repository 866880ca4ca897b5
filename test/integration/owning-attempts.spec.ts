/** Who owns an attempt, and how a process notices that it no longer does. */
import { setTimeout as pause } from 'node:timers/promises';
import { CommandBus } from '@nestjs/cqrs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ReportProgress } from '../../src/execution/index.js';
import { type ControlPlane, startControlPlane } from '../support/control-plane.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type Behaviour, echo, ProbeTier, untilStopped } from '../support/probe-tier.js';

const QUICK = {
  Scheduling__Lease: '900ms',
  Scheduling__RenewEvery: '300ms',
  Scheduling__SweepEvery: '200ms',
  Scheduling__PollEvery: '300ms',
};

let database: TestDatabase;
const planes: ControlPlane[] = [];
const server = async (settings: Record<string, string> = {}, tiers?: ProbeTier[]): Promise<ControlPlane> => {
  const plane = await startControlPlane(database.url, { ...QUICK, ...settings }, tiers);
  planes.push(plane);
  return plane;
};
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  for (const plane of planes.splice(0)) await plane.close();
  await database.drop();
});

const running = async (plane: ControlPlane): Promise<string> => {
  const { id } = await plane.submitRun({ nonce: 7 }, { mode: 'async' });
  await expect.poll(async () => (await plane.get(id)).state, { interval: 20 }).toBe('running');
  return id;
};
/** Works for a while without listening to anybody. */
const deaf =
  (ms: number): Behaviour =>
  async (attempt, stop) => {
    await pause(ms);
    return echo(attempt, stop);
  };

it('a lease is renewed as long as the work lasts', async () => {
  const plane = await server();
  plane.probe.behaviour = deaf(2_500);
  const id = await running(plane);
  expect(await plane.ended(id)).toMatchObject({ state: 'succeeded', attempt: 1, lostAttempts: 0 });
});

it('a process that lost its run stops working and writes nothing', async () => {
  const plane = await server();
  let stopped = false;
  plane.probe.behaviour = async (attempt, stop) => {
    stop.addEventListener('abort', () => (stopped = true));
    return attempt.attempt === 1 ? untilStopped(attempt, stop) : echo(attempt, stop);
  };
  const id = await running(plane);
  // As a sweep elsewhere would after a pause of this process: the lease has ended.
  await plane.database.asSystem((manager) =>
    manager.query(`update process_runs set lease_until = now() - interval '1 s' where id = $1`, [id]),
  );
  expect(await plane.ended(id)).toMatchObject({ state: 'succeeded', attempt: 2, lostAttempts: 1 });
  expect(stopped).toBe(true);
});

it('work that cannot be renewed is stopped before its lease ends', async () => {
  const plane = await server();
  plane.probe.behaviour = untilStopped;
  const id = await running(plane);
  const since = performance.now();
  // The row is locked: no renewal gets through, as with a database that does not answer.
  await plane.database.asSystem((manager) =>
    manager.transaction(async (held) => {
      await held.query('select 1 from process_runs where id = $1 for update', [id]);
      await expect.poll(() => plane.probe.capacity().free, { interval: 20, timeout: 3_000 }).toBe(4);
    }),
  );
  expect(performance.now() - since).toBeLessThan(1_000);
  expect(plane.probe.started).toHaveLength(1);
});

it('a cancel through another server reaches the owner', async () => {
  const [owner, other] = [await server(), await server({ HONUA_ROLE: 'api' })];
  owner.probe.behaviour = untilStopped;
  const id = await running(owner);
  const since = performance.now();
  await other.cancel(id);
  expect((await other.ended(id)).state).toBe('cancelled');
  expect(performance.now() - since).toBeLessThan(500);
});

it('a waiter on another server is woken when the run ends', async () => {
  const [owner, other] = [await server(), await server({ HONUA_ROLE: 'api' })];
  let release!: () => void;
  owner.probe.behaviour = async (attempt, stop) => {
    await new Promise<void>((resolve) => (release = resolve));
    return echo(attempt, stop);
  };
  const id = await running(owner);
  await pause(100);
  const woken = other.signals.next(id, 60_000);
  const since = performance.now();
  release();
  await woken;
  expect((await other.get(id)).state).toBe('succeeded');
  expect(performance.now() - since).toBeLessThan(500);
});

it('a server that only serves claims nothing', async () => {
  const api = await server({ HONUA_ROLE: 'api' });
  const { id } = await api.submitRun({}, { mode: 'async' });
  await pause(700);
  expect((await api.get(id)).state).toBe('queued');
  expect(await (await server({ HONUA_ROLE: 'worker' })).ended(id)).toMatchObject({ state: 'succeeded' });
});

describe('at shutdown', () => {
  it('work that ends within the grace is kept', async () => {
    const plane = await server({ Server__ShutdownGrace: '5s' });
    plane.probe.behaviour = deaf(600);
    const id = await running(plane);
    await planes.pop()!.close();
    const other = await server();
    expect(await other.get(id)).toMatchObject({ state: 'succeeded', attempt: 1 });
  });

  it('the rest is handed back, not counted as lost, and taken up by another at once', async () => {
    const first = await server({
      Server__ShutdownGrace: '100ms',
      Scheduling__Lease: '60s',
      Scheduling__RenewEvery: '20s',
    });
    first.probe.behaviour = untilStopped;
    const id = await running(first);
    const second = await server();
    await first.close();
    planes.splice(planes.indexOf(first), 1);
    expect(await second.ended(id, 'default', 3_000)).toMatchObject({
      state: 'succeeded',
      attempt: 2,
      lostAttempts: 0,
    });
  });
});

it('a tier that is past its class’s time is ended from here', async () => {
  const plane = await server({ ResourceClasses__CpuBurst__MaxExecutionTime: '2s' });
  plane.probe.behaviour = untilStopped;
  const id = await running(plane);
  const ended = await plane.ended(id);
  expect(plane.probe.started[0]!.limits.timeoutMs).toBe(2_000);
  expect(ended).toMatchObject({
    state: 'failed',
    failure: { reason: 'timeout', message: 'Job exceeded timeout limit' },
  });
});

it('progress is seen, and written no more often than asked for', async () => {
  const plane = await server({ Scheduling__ProgressEvery: '200ms' });
  const commands = plane.app.get(CommandBus);
  plane.probe.behaviour = async (attempt, stop) => {
    for (let percent = 1; percent <= 60; percent++) {
      await commands.execute(new ReportProgress(attempt, percent));
      await pause(10);
    }
    return echo(attempt, stop);
  };
  const { id } = await plane.submitRun({}, { mode: 'async' });
  await plane.ended(id);
  const seen = await plane.database.asSystem((manager) =>
    manager.query<{ progress: number }[]>(
      `select (data ->> 'progress')::int as progress from process_run_events where run_id = $1 and kind = 'progressed' order by seq`,
      [id],
    ),
  );
  expect(seen.length).toBeGreaterThanOrEqual(2);
  expect(seen.length).toBeLessThanOrEqual(5);
});

it('a full queue refuses, and says when to come back', async () => {
  const plane = await server({ HONUA_ROLE: 'api', Scheduling__MaxQueuedPerTenant: '3' });
  for (let n = 0; n < 3; n++) await plane.submitRun({ n }, { mode: 'async' });
  await expect(plane.submit({}, { mode: 'async' })).rejects.toMatchObject({
    kind: 'rejected',
    code: 'tenant-queue-full',
    retryAfterSeconds: 10,
  });
  expect((await plane.submitRun({}, { mode: 'async' }, 'another')).state).toBe('queued');
});

it('too large a request is refused, its inspection let go', async () => {
  const plane = await server();
  await expect(plane.submit({ features: 10_001 })).rejects.toMatchObject({ kind: 'too-large' });
  expect(plane.inspector.released).toBe(1);
});
