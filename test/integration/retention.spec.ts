import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { PgBoss } from 'pg-boss';
import { withClient } from '../../launcher/private-cluster.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GetResults, GetRunInput, SetPolicyOverride } from '../../src/control-plane/index.js';
import { ExpiredBytes } from '../../src/control-plane/retention/expired-bytes.js';
import { ExpiredLogs } from '../../src/control-plane/retention/expired-logs.js';
import { Retention } from '../../src/control-plane/retention/retention.js';
import { type ControlPlane, principal, startControlPlane } from '../support/control-plane.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { succeed } from '../support/probe-tier.js';

const DAY = 86_400_000;
let database: TestDatabase;
let plane: ControlPlane;
let retention: Retention;
let bytes: ExpiredBytes;
beforeAll(async () => {
  database = await createTestDatabase();
  plane = await startControlPlane(database.url);
  retention = plane.app.get(Retention);
  bytes = plane.app.get(ExpiredBytes);
});
afterAll(async () => {
  await plane.close();
  await database.drop();
});

const later = (days: number): Date => new Date(Date.now() + days * DAY);

it('artifacts go when their time is over; the run stays, its results are gone', async () => {
  plane.probe.behaviour = async () => succeed('x'.repeat(100_000));
  const run = await plane.submitRun({});
  await plane.ended(run.id);
  const key = `runs/${run.id}/1/result`;

  expect(await bytes.delete(later(29))).toBe(0);
  expect(await plane.artifacts.stat(key)).toBeDefined();
  expect(await bytes.delete(later(31))).toBe(1);
  expect(await bytes.delete(later(31))).toBe(0);
  expect(await plane.artifacts.stat(key)).toBeUndefined();
  expect((await plane.get(run.id)).state).toBe('succeeded');
  await expect(plane.resultText(run.id)).rejects.toMatchObject({ kind: 'gone', code: 'results-expired' });
});

it('logs go after a week, or when a policy says so', async () => {
  const logs = plane.app.get(ExpiredLogs);
  plane.probe.behaviour = async () => succeed('x');
  const logged = async (tenant: string): Promise<string> => {
    const run = await plane.submitRun({}, {}, tenant);
    await plane.ended(run.id, tenant);
    await withClient(database.superUrl, (client) =>
      client.query(`update process_runs set tier_handle = 'a job' where id = $1`, [run.id]),
    );
    const key = `logs/${run.id}/1.log`;
    await plane.artifacts.put(key, Buffer.from('what it said'), 100);
    return key;
  };
  const command = new SetPolicyOverride(
    principal('tidy'),
    { tenant: 'tidy', processId: '*' },
    { logRetention: DAY },
    undefined,
  );
  await plane.app.get(CommandBus).execute(command);
  const [ordinary, tidy] = [await logged('ordinary'), await logged('tidy')];
  expect(await logs.delete(later(0.9))).toBe(0);
  expect(await logs.delete(later(1.1))).toBe(1);
  expect(await plane.artifacts.stat(tidy)).toBeUndefined();
  expect(await plane.artifacts.stat(ordinary)).toBeDefined();
  expect(await logs.delete(later(7.1))).toBe(1);
  expect(await logs.delete(later(7.1))).toBe(0);
  expect(await plane.artifacts.stat(ordinary)).toBeUndefined();
});

it.each([
  ['small', 10],
  ['large', 100_000],
])(
  'a policy has another time for %s results, shorter or longer, never longer than the run',
  async (_, size) => {
    plane.probe.behaviour = async () => succeed('x'.repeat(size));
    const policy = async (tenant: string, artifactRetention: number): Promise<string> => {
      const target = { tenant, processId: 'probe' };
      await plane.app
        .get(CommandBus)
        .execute(new SetPolicyOverride(principal(tenant), target, { artifactRetention }, undefined));
      const run = await plane.submitRun({ size }, {}, tenant);
      await plane.ended(run.id, tenant);
      return run.id;
    };
    const [brief, long] = [`brief-${size}`, `long-${size}`];
    const shortly = await policy(brief, DAY);
    const longer = await policy(long, plane.config.retention.runs + 100 * DAY);
    const gone = { kind: 'gone', code: 'results-expired' };

    expect(await bytes.deleteByPolicy(later(0.9))).toBe(0);
    expect(await bytes.deleteByPolicy(later(1.1))).toBe(1);
    expect(await bytes.deleteByPolicy(later(1.1))).toBe(0);
    await expect(
      plane.app.get(QueryBus).execute(new GetResults(principal(brief), shortly)),
    ).rejects.toMatchObject(gone);
    await expect(
      plane.app.get(QueryBus).execute(new GetRunInput(principal(brief), shortly)),
    ).rejects.toMatchObject({
      kind: 'gone',
      code: 'request-expired',
    });
    expect((await plane.get(shortly, brief)).state).toBe('succeeded');
    expect(await plane.artifacts.stat(`runs/${shortly}/1/result`)).toBeUndefined();

    await bytes.delete(later(31)); // past the time that is configured
    const { outputs } = await plane.app.get(QueryBus).execute(new GetResults(principal(long), longer));
    expect(outputs[0]!.payload.size).toBe(size);
    await bytes.delete(later(plane.config.retention.runs / DAY + 1));
    const left = plane.app.get(QueryBus).execute(new GetResults(principal(long), longer));
    if (size > 10) await expect(left).rejects.toMatchObject(gone);
    else expect((await left).outputs).toHaveLength(1); // in the row's month, and gone with it
  },
);

it('keys are forgotten when their time is over', async () => {
  const first = await plane.submitRun({}, { idempotencyKey: 'old' });
  await retention.forgetKeys();
  expect((await plane.submitRun({}, { idempotencyKey: 'old' })).id).toBe(first.id);
  await plane.database.asSystem((manager) =>
    manager.query(
      `insert into idempotency_keys values ('default', 'older', 'h', $1, now() - interval '2 days')`,
      [first.id],
    ),
  );
  await retention.forgetKeys();
  const left = await plane.database.asSystem((manager) =>
    manager.query<{ key: string }[]>('select key from idempotency_keys'),
  );
  expect(left).toEqual([{ key: 'old' }]);
});

it('is a cron job of the queue, and runs as one', async () => {
  const boss = new PgBoss({
    connectionString: database.url,
    schema: plane.config.processing.queue.schema,
    schedule: false,
    supervise: false,
  });
  await boss.start();
  const schedules = (await boss.getSchedules()).map(({ name, cron, timezone }) => ({ name, cron, timezone }));
  expect(schedules).toContainEqual({ name: 'retention', cron: '17 3 * * *', timezone: 'UTC' });
  expect(schedules).toContainEqual({ name: 'expired-uploads', cron: '*/15 * * * *', timezone: 'UTC' });
  const id = (await boss.send('retention'))!;
  const state = async (): Promise<string | undefined> => (await boss.findJobs('retention', { id }))[0]?.state;
  await expect.poll(state, { timeout: 20_000, interval: 200 }).toBe('completed');
  await boss.stop({ graceful: false });
});

it('drops months that are over, never one that can hold unfinished runs', async () => {
  expect(await retention.dropMonths(later(31))).toEqual([]);
  const dropped = await retention.dropMonths(later(500));
  expect(dropped.length).toBeGreaterThanOrEqual(4);
  expect(dropped.every((name) => /_y\d{4}m\d{2}$/.test(name))).toBe(true);
});
