import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findRun } from '../../src/control-plane/run/find-run.js';
import { Database, migrate } from '../../src/database/index.js';
import { smallestUuidV7 } from '../../src/shared/uuid-v7.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aRun, eventKinds, insert } from '../support/run-rows.js';

let test: TestDatabase;
let database: Database;
beforeAll(async () => {
  test = await createTestDatabase();
  database = await Database.open({ url: test.url, poolSize: 4, statementTimeoutMs: 30_000 });
});
afterAll(async () => {
  await database.close();
  await test.drop();
});

const partitionOf = (id: string): Promise<string> =>
  database.asSystem(async (manager) => {
    const [row] = await manager.query<[{ name: string }]>(
      'select tableoid::regclass::text as name from process_runs where id = $1',
      [id],
    );
    return row.name;
  });

const submitAt = async (at: string): Promise<string> => {
  const run = aRun({ submittedAt: new Date(at) });
  await database.asSystem((manager) => insert(manager, run));
  return run.id!;
};

/** The n-th month from now, as `2026-12`. */
const month = (ahead: number): string => {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1)).toISOString().slice(0, 7);
};
const partitionName = (of: string): string => `process_runs_y${of.replace('-', 'm')}`;

it('bounds agree with the ids made here', async () => {
  const at = new Date(`${month(1)}-01T00:00:00.000Z`);
  const [{ floor }] = await database.asSystem((manager) =>
    manager.query<[{ floor: string }]>('select uuid_v7_floor($1) as floor', [at]),
  );
  expect(floor).toBe(smallestUuidV7(at));
});

it('a run of the last millisecond of a month is found, in its own month', async () => {
  const first = new Date(`${month(1)}-01T00:00:00.000Z`).getTime();
  const last = await submitAt(new Date(first - 1).toISOString());
  const next = await submitAt(new Date(first).toISOString());
  expect(await partitionOf(last)).toBe(partitionName(month(0)));
  expect(await partitionOf(next)).toBe(partitionName(month(1)));
  for (const id of [last, next]) {
    const run = await database.inTenant('acme', (manager) => findRun(manager, id));
    expect(run).toMatchObject({ id, state: 'queued' });
    expect(await database.asSystem((manager) => eventKinds(manager, id))).toEqual(['accepted']);
  }
});

it('a look-up by id opens one partition', async () => {
  const id = await submitAt(`${month(0)}-10T12:00:00.000Z`);
  const plan = await database.asSystem((manager) =>
    manager.query<{ 'QUERY PLAN': string }[]>('explain select * from process_runs where id = $1', [id]),
  );
  const text = plan.map((row) => row['QUERY PLAN']).join('\n');
  expect(text.match(/process_runs_\w+/g)!.filter((name) => !name.includes('pkey'))).toHaveLength(1);
});

describe('a month without a partition', () => {
  it('is taken in by the default partition, and moved when its own is made', async () => {
    const far = month(8);
    const id = await submitAt(`${far}-15T12:00:00.000Z`);
    expect(await partitionOf(id)).toBe('process_runs_default');
    const rows = (): Promise<unknown> =>
      database.asSystem((manager) => manager.query('select rows_in_default_partition()::int as rows'));
    expect(await rows()).toEqual([{ rows: 1 }]);

    const made = await database.asSystem((manager) =>
      manager.query<{ partition_name: string; moved_rows: string }[]>('select * from ensure_partitions(8)'),
    );
    expect(made).toContainEqual({ partition_name: partitionName(far), moved_rows: '1' });
    expect(await partitionOf(id)).toBe(partitionName(far));
    expect(await rows()).toEqual([{ rows: 0 }]);
    expect((await database.asSystem((manager) => findRun(manager, id)))!.id).toBe(id);
    expect(await database.asSystem((manager) => eventKinds(manager, id))).toEqual(['accepted']);
  });

  it('is made once, whoever asks', async () => {
    const made = await Promise.all(
      [9, 9, 9].map((ahead) =>
        database.asSystem((manager) =>
          manager.query<unknown[]>('select * from ensure_partitions($1)', [ahead]),
        ),
      ),
    );
    expect(made.map((rows) => rows.length).sort((a, b) => a - b)).toEqual([0, 0, 4]);
  });
});

it('whole months that ended before the bound are dropped, and only they', async () => {
  const dropped = await database.asSystem((manager) =>
    manager.query<{ name: string }[]>('select drop_partitions($1) as name', [
      new Date(`${month(1)}-01T00:00:00.000Z`),
    ]),
  );
  const ofMonth = partitionName(month(0)).replace('process_runs', '');
  expect(dropped.map(({ name }) => name)).toEqual([
    `process_run_events${ofMonth}`,
    `process_run_inputs${ofMonth}`,
    `process_run_outputs${ofMonth}`,
    `process_runs${ofMonth}`,
  ]);
});

describe('migrations', () => {
  it('run at the same time by several servers, and again, change nothing', async () => {
    await Promise.all([migrate(test.url), migrate(test.url), migrate(test.url)]);
    expect(
      await database.asSystem((manager) =>
        manager.query(`select to_regclass('process_runs') is not null as there`),
      ),
    ).toEqual([{ there: true }]);
  });

  it('refuse a schema that is newer than the code, in one line', async () => {
    const client = new Client({ connectionString: test.superUrl });
    await client.connect();
    await client.query(
      `insert into honua_migrations (timestamp, name) values (9999999999999, 'FromTheFuture')`,
    );
    await expect(migrate(test.url)).rejects.toMatchObject({
      code: 'schema-newer',
      message: expect.stringContaining('FromTheFuture'),
    });
    await client.query(`delete from honua_migrations where name = 'FromTheFuture'`);
    await client.end();
  });

  it('say in one line what is missing to a user who may not make roles', async () => {
    const client = new Client({ connectionString: test.superUrl });
    await client.connect();
    await client.query(`drop role if exists honua_nobody`);
    await client.query(`create role honua_nobody login password 'x'`);
    await client.query(`drop database if exists honua_nobodys`);
    await client.query(`create database honua_nobodys owner honua_nobody`);
    const url = new URL(test.superUrl);
    [url.username, url.password, url.pathname] = ['honua_nobody', 'x', '/honua_nobodys'];
    await expect(migrate(url.href)).rejects.toMatchObject({
      code: 'database-privileges',
      message: expect.stringMatching(/^The database user honua_nobody may not make roles: .*GRANT honua_app/),
    });
    await client.query(`drop database honua_nobodys with (force)`);
    await client.query(`drop role honua_nobody`);
    await client.end();
  });
});
