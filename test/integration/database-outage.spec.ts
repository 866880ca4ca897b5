/** A database that goes away is told as such, whatever was being done with it, and is used again when it is back. */
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EntityManager } from 'typeorm';
import { Database, Notifications } from '../../src/database/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let test: TestDatabase;
let database: Database;
let admin: Client;
beforeAll(async () => {
  test = await createTestDatabase();
  database = await Database.open({ url: test.url, poolSize: 4, statementTimeoutMs: 500 });
  admin = new Client({ connectionString: test.superUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await database.close();
  await test.drop();
});

const cutOwn = async (manager: EntityManager): Promise<void> => {
  const [{ pid }] = await manager.query<[{ pid: number }]>('select pg_backend_pid() as pid');
  await admin.query('select pg_terminate_backend($1)', [pid]);
};
const cutAll = (): Promise<unknown> =>
  admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and application_name like 'honua%'`,
  );

it.each([0, 50])('cut in a transaction, %i ms before its next statement', async (waitMs) => {
  const work = database.inTenant('a', async (manager) => {
    await cutOwn(manager);
    await pause(waitMs);
    return manager.query('select 1');
  });
  await expect(work).rejects.toMatchObject({ kind: 'unavailable', code: 'database-unavailable' });
  await expect.poll(() => database.readOnce('select 1 as one', [])).toEqual([{ one: 1 }]);
});

it('cut in a transaction, before its commit', async () => {
  const work = database.inTenant('a', async (manager) => {
    await cutOwn(manager);
    await pause(50);
  });
  await expect(work).rejects.toMatchObject({ kind: 'unavailable' });
});

it('cut in a statement', async () => {
  const work = database.asSystem((manager) => manager.query('select pg_sleep(0.4)'));
  const told = expect(work).rejects.toMatchObject({ kind: 'unavailable' });
  await pause(50);
  await cutAll();
  await told;
});

it('slower than the limit of a statement', async () => {
  await expect
    .poll(() => database.asSystem((manager) => manager.query('select 1 as one')))
    .toEqual([{ one: 1 }]);
  const since = performance.now();
  const work = database.asSystem((manager) => manager.query('select pg_sleep(5)'));
  await expect(work).rejects.toMatchObject({ kind: 'unavailable', cause: { code: '57014' } });
  expect(performance.now() - since).toBeGreaterThan(450);
});

it('our own mistakes are not its absence', async () => {
  const work = database.asSystem((manager) => manager.query('select nothing'));
  await expect(work).rejects.toMatchObject({ code: '42703' });
});

it('the listening connection comes back, and tells that something may have been missed', async () => {
  const notifications = new Notifications(test.url);
  await notifications.open();
  const heard: (string | undefined)[] = [];
  notifications.subscribe('outage', (payload) => heard.push(payload));
  await pause(50);
  await admin.query(`notify outage, 'before'`);
  await expect.poll(() => heard).toEqual(['before']);
  await cutAll();
  await expect.poll(() => heard, { timeout: 5_000 }).toEqual(['before', undefined]);
  await admin.query(`notify outage, 'after'`);
  await expect.poll(() => heard).toEqual(['before', undefined, 'after']);
  await notifications.close();
});
