import { PgBoss } from 'pg-boss';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Retention } from '../../src/control-plane/retention/retention.js';
import { type ControlPlane, startControlPlane } from '../support/control-plane.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { succeed } from '../support/probe-tier.js';

const DAY = 86_400_000;
let database: TestDatabase;
let plane: ControlPlane;
let retention: Retention;
beforeAll(async () => {
  database = await createTestDatabase();
  plane = await startControlPlane(database.url);
  retention = plane.app.get(Retention);
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

  expect(await retention.deleteArtifacts(later(29))).toBe(0);
  expect(await plane.artifacts.stat(key)).toBeDefined();
  expect(await retention.deleteArtifacts(later(31))).toBe(1);
  expect(await retention.deleteArtifacts(later(31))).toBe(0);
  expect(await plane.artifacts.stat(key)).toBeUndefined();
  expect((await plane.get(run.id)).state).toBe('succeeded');
  await expect(plane.resultText(run.id)).rejects.toMatchObject({ kind: 'gone', code: 'results-expired' });
});

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
