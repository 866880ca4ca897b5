/** A tenant is erased: nothing of it is left in any table or folder, nobody else misses anything, and the ledger still holds. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CONFIG, type HonuaConfig } from '../../src/config/index.js';
import { QueryBus } from '@nestjs/cqrs';
import { VerifyLedger } from '../../src/control-plane/index.js';
import { startServer, type TestServer } from '../support/app.js';
import { asOperator, bearer, REQUIRED, tenantWithKey } from '../support/identities.js';

let server: TestServer;
let client: Client;
let folder: string;
beforeAll(async () => {
  server = await startServer({ ...REQUIRED, Limits__InlinePayloadBytes: '64' });
  folder = server.app.get<HonuaConfig>(CONFIG).processing.artifactStore.folder!;
  client = new Client({ connectionString: server.database.superUrl });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await server.close();
});

async function leaveTraces(key: string): Promise<string> {
  const text = `secret of ${key.slice(0, 18)} `.repeat(20);
  const init = { method: 'POST', headers: { ...bearer(key), 'content-type': 'application/json' } };
  const subscriber = { successUri: 'https://receiver.example/done' };
  const body = JSON.stringify({ inputs: { echo: text }, subscriber });
  const execution = `${server.url}/processes/echo/execution`;
  for (const prefer of ['respond-async', 'wait=20']) {
    const headers = { ...init.headers, prefer, 'idempotency-key': prefer };
    const reply = await fetch(execution, { ...init, headers, body });
    expect(reply.ok).toBe(true);
    if (prefer !== 'respond-async') continue;
    const results = `${reply.headers.get('location')}/results`;
    await expect
      .poll(async () => (await fetch(results, { headers: bearer(key) })).status, { timeout: 20_000 })
      .toBe(200);
  }
  const upload = { ...init, headers: { ...bearer(key), 'content-type': 'text/plain' }, body: text };
  expect((await fetch(`${server.url}/uploads`, upload)).status).toBe(201);
  expect((await fetch(`${server.url}/callbacks/secret`, { headers: bearer(key) })).status).toBe(200);
  return text;
}

/** The tables, with partitions by themselves, in which the tenant is named, or something of it is. */
async function tracesIn(tenant: string): Promise<string[]> {
  const tables = await client.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')`,
  );
  const found: string[] = [];
  for (const { name } of tables.rows) {
    const { rowCount } = await client.query(`select 1 from ${name} t where t::text ~ $1 limit 1`, [
      `\\m${tenant}\\M`,
    ]);
    if (rowCount! > 0) found.push(name);
  }
  return found;
}

const files = (): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\/(?:ledger|\.drafts)$/.test(entry.parentPath))
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();

it('leaves nothing of it, and everything of others', async () => {
  const [gone, stays] = [
    await tenantWithKey(server.url, 'leaving'),
    await tenantWithKey(server.url, 'staying'),
  ];
  const before = files().length;
  await leaveTraces(stays.key);
  const others = files();
  await leaveTraces(gone.key);
  expect(others.length).toBeGreaterThan(before);
  expect(files().length).toBeGreaterThan(others.length);
  const named = await tracesIn('leaving');
  for (const table of ['uploads', 'api_keys', 'tenants', 'idempotency_keys', 'service_secrets'])
    expect(named).toContain(table);
  expect(named.some((name) => name.startsWith('process_run_events'))).toBe(true);
  expect(named.some((name) => name.startsWith('honua_gp_jobs.'))).toBe(true);

  await asOperator(server.url, '/admin/tenants/leaving', { method: 'DELETE' });

  expect(await tracesIn('leaving')).toEqual([]);
  expect(files()).toEqual(others);
  expect((await fetch(`${server.url}/jobs`, { headers: bearer(gone.key) })).status).toBe(401);
  const { jobs } = (await (await fetch(`${server.url}/jobs`, { headers: bearer(stays.key) })).json()) as {
    jobs: { jobID: string }[];
  };
  expect(jobs).toHaveLength(2);
  for (const { jobID } of jobs) {
    const job = `${server.url}/jobs/${jobID}`;
    await expect
      .poll(async () => (await fetch(`${job}/results`, { headers: bearer(stays.key) })).status, {
        timeout: 10_000,
      })
      .toBe(200);
  }
  await asOperator(server.url, '/admin/tenants/leaving', { method: 'DELETE', expect: [404] });
});

it('the ledger holds: the lines that are gone were said to go', async () => {
  const operator = { tenant: 'default', user: 'tester', scopes: ['admin' as const] };
  const told = await server.app.get(QueryBus).execute(new VerifyLedger(operator));
  expect(told).toMatchObject({ whole: true, faults: [] });
});

it('nobody’s runs are erased who was not shut out', async () => {
  await tenantWithKey(server.url, 'careful');
  const system = new Client({ connectionString: server.database.url, options: '-c role=honua_system' });
  await system.connect();
  await expect(system.query(`select erase_runs('careful', '{}')`)).rejects.toThrow('not shut out');
  await system.end();
  const app = new Client({ connectionString: server.database.url, options: '-c role=honua_app' });
  await app.connect();
  await expect(app.query(`select erase_runs('careful', '{}')`)).rejects.toThrow('permission denied');
  await app.end();
});
