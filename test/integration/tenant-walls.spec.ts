/** Row security as the second wall: with the WHERE removed a tenant still sees itself alone. */
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../src/database/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aRun, claimed, insert, PRICES, refOf, succeedRun } from '../support/run-rows.js';
import { finishRun } from '../../src/control-plane/run/finish-run.js';

let test: TestDatabase;
let database: Database;
const TABLES = ['process_runs', 'process_run_events', 'process_run_inputs', 'process_run_outputs'];

beforeAll(async () => {
  test = await createTestDatabase();
  database = await Database.open({ url: test.url, poolSize: 4, statementTimeoutMs: 30_000 });
  await database.asSystem(async (manager) => {
    for (const tenant of ['a', 'b']) {
      await insert(manager, aRun({ tenant, lane: tenant }), { idempotency: { key: 'k', bodyHash: 'h' } });
      await finishRun(
        manager,
        refOf(await claimed(manager, tenant)),
        {
          state: 'succeeded',
          outputs: [{ id: 'result', size: 1, sha256: 'x', mediaType: 'text/plain' }],
          inline: new Map([['result', Buffer.from('x')]]),
          messages: [],
          usage: { wallMs: 1, cpuMs: 1 },
        },
        PRICES,
      );
    }
  });
});
afterAll(async () => {
  await database.close();
  await test.drop();
});

const tenantsIn = (tenant: string, table: string): Promise<string[]> =>
  database.inTenant(tenant, async (manager) =>
    (await manager.query<{ tenant_id: string }[]>(`select distinct tenant_id from ${table} order by 1`)).map(
      (row) => row.tenant_id,
    ),
  );

describe.each(TABLES)('%s', (table) => {
  it('shows a tenant its own rows and nothing else', async () => {
    expect(await tenantsIn('a', table)).toEqual(['a']);
    expect(await tenantsIn('b', table)).toEqual(['b']);
  });

  it.each(['', 'nobody', "a' or '1'='1"])('shows nothing to the tenant %j', async (tenant) => {
    expect(await tenantsIn(tenant, table)).toEqual([]);
  });

  it('shows the service everything', async () => {
    const rows = await database.asSystem((manager) =>
      manager.query<unknown[]>(`select distinct tenant_id from ${table}`),
    );
    expect(rows).toHaveLength(2);
  });

  it('cannot be read past its policies by a partition', async () => {
    const [{ partition }] = await database.asSystem((manager) =>
      manager.query<[{ partition: string }]>(
        `select inhrelid::regclass::text as partition from pg_inherits where inhparent = $1::regclass limit 1`,
        [table],
      ),
    );
    const peek = database.inTenant('a', (manager) => manager.query(`select * from ${partition}`));
    await expect(peek).rejects.toThrow('permission denied');
  });

  it('is under forced row security', async () => {
    const [row] = await database.asSystem((manager) =>
      manager.query(`select relrowsecurity, relforcerowsecurity from pg_class where oid = $1::regclass`, [
        table,
      ]),
    );
    expect(row).toEqual({ relrowsecurity: true, relforcerowsecurity: true });
  });
});

describe('every table that has a tenant', () => {
  interface Table {
    name: string;
    forced: boolean;
    readable: boolean;
    policies: string[];
  }

  const tables = (): Promise<Table[]> =>
    database.asSystem((manager) =>
      manager.query<Table[]>(
        `select c.oid::regclass::text as name, c.relrowsecurity and c.relforcerowsecurity as forced,
                has_any_column_privilege('honua_app', c.oid, 'SELECT, INSERT, UPDATE')
                  or has_table_privilege('honua_app', c.oid, 'DELETE') as readable,
                array(select pg_get_expr(p.polqual, p.polrelid) from pg_policy p
                       where p.polrelid = c.oid and p.polroles && array['honua_app'::regrole::oid, 0]) as policies
           from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
          where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`,
      ),
    );

  it('shows the tenants’ role the rows of one tenant, or nothing at all', async () => {
    const found = await tables();
    expect(found.map(({ name }) => name)).toEqual(
      expect.arrayContaining([...TABLES, 'uploads', 'api_keys', 'idempotency_keys']),
    );
    for (const { name, forced, readable, policies } of found) {
      if (!readable) continue;
      expect(forced, `${name} needs row security, forced`).toBe(true);
      expect(policies, `${name} needs a policy for honua_app, and one alone`).toEqual([
        `(tenant_id = current_setting('honua.tenant'::text, true))`,
      ]);
    }
    expect(found.filter(({ readable }) => readable).length).toBeGreaterThan(4);
  });

  it('with the WHERE left out, and rows of two tenants in it, shows one', async () => {
    for (const tenant of ['a', 'b'])
      await database.inTenant(tenant, (manager) =>
        manager.query(
          `insert into uploads (id, tenant_id, user_id, media_type, expires_at)
           values (gen_random_uuid(), $1, 'tester', 'text/plain', now() + interval '1 day')`,
          [tenant],
        ),
      );
    for (const { name, readable } of await tables()) {
      if (!readable) continue;
      const seen = await tenantsIn('a', name);
      expect(
        seen.filter((tenant) => tenant !== 'a'),
        name,
      ).toEqual([]);
    }
    expect(await tenantsIn('a', 'uploads')).toEqual(['a']);
    const [, deleted] = await database.inTenant('a', (manager) =>
      manager.query<[unknown, number]>('delete from uploads'),
    );
    expect(deleted).toBe(1);
    expect(await tenantsIn('b', 'uploads')).toEqual(['b']);
  });
});

describe('reads of one statement', () => {
  const idOf = (tenant: string): Promise<string> =>
    database.inTenant(tenant, async (manager) => {
      const [row] = await manager.query<[{ id: string }]>('select id from process_runs limit 1');
      return row.id;
    });
  const read = (tenant: string, id: string): Promise<unknown[]> =>
    database.readOnce('select * from read_run($1, $2)', [tenant, id]);

  it('find a tenant’s own run and outputs, and no other’s', async () => {
    const [a, b] = [await idOf('a'), await idOf('b')];
    expect(await read('a', a)).toHaveLength(1);
    expect(await read('a', b)).toEqual([]);
    expect(await database.readOnce('select * from read_outputs($1, $2)', ['a', a])).toHaveLength(1);
    expect(await database.readOnce('select * from read_outputs($1, $2)', ['a', b])).toEqual([]);
  });

  it('leave no tenant behind, and see nothing without one', async () => {
    await read('a', await idOf('a'));
    for (let n = 0; n < 8; n++) expect(await database.readOnce('select * from process_runs', [])).toEqual([]);
  });
});

it('writes without a WHERE stay within the tenant', async () => {
  const [, changed] = await database.inTenant('a', (manager) =>
    manager.query<[unknown, number]>(`update process_runs set message = 'mine'`),
  );
  expect(changed).toBe(1);
});

it('a tenant cannot write a row of another', async () => {
  const forge = database.inTenant('a', (manager) =>
    manager.query(
      `insert into process_run_events (run_id, seq, tenant_id, kind, attempt) select id, 99, 'b', 'failed', 1 from process_runs`,
    ),
  );
  await expect(forge).rejects.toThrow('row-level security');
});

it('the tenant of one borrower is not the next one’s', async () => {
  await tenantsIn('a', 'process_runs');
  const client = new Client({ connectionString: test.url, options: '-c role=honua_app' });
  await client.connect();
  await client.query('begin');
  await client.query(`select set_config('honua.tenant', 'a', true)`);
  await client.query('commit');
  const { rows } = await client.query('select * from process_runs'); // the setting is '' now, not NULL
  await client.end();
  expect(rows).toEqual([]);
});

it.each([
  'idempotency_keys',
  'lane_tenants',
  'tenants',
  'tenant_limits',
  'policy_overrides',
  'tenant_rule_history',
  'tenant_spending',
  'tier_observations',
  'api_keys',
  'service_secrets',
  'honua_migrations',
])('the tenant’s role may not read %s', async (table) => {
  const peek = database.inTenant('a', (manager) => manager.query(`select * from ${table}`));
  await expect(peek).rejects.toThrow('permission denied');
});

it('neither role may change the schema', async () => {
  const ddl = 'create table mine (x int)';
  await expect(database.asSystem((manager) => manager.query(ddl))).rejects.toThrow('permission denied');
  await expect(database.inTenant('a', (manager) => manager.query(ddl))).rejects.toThrow('permission denied');
});

it('a row of one tenant is never finished by another’s attempt', async () => {
  await database.asSystem(async (manager) => {
    await insert(manager, aRun({ tenant: 'a', lane: 'x' }));
    const run = await claimed(manager, 'x');
    expect(await succeedRun(manager, { ...refOf(run), attempt: 2 })).toBeUndefined();
  });
});
