/** What becomes of a query of ten minutes when its run is cancelled, and when its server is killed or stands still. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withClient } from '../../launcher/private-cluster.ts';
import { statusOf, submit } from '../support/ogc-client.js';
import { type FaultRig, openFaultRig } from './fault-rig.js';

const root = resolve(import.meta.dirname, '../..');
const LEASE_MS = 3_000;

const PROCEDURE = `
set check_function_bodies = off;
create function honua_gp.long(p_request jsonb) returns setof honua_gp.feature
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if p_request ->> 'kind' = 'asleep' then
    perform pg_sleep(600);
  else
    perform sum(st_area(st_buffer(st_makepoint(a, b), 1, 32))) from generate_series(1, 30000) a, generate_series(1, 30000) b;
  end if;
end $$;
grant execute on function honua_gp.long(jsonb) to honua_tier2`;

const PROCESS = `
id: long
title: Long
description: Takes ten minutes and more.
version: 1.0.0
preferredTiers: [postgis]
resourceClass: DbHeavy
hints: { targetP95: 1s, estimatedCostUnits: 1 }
inputs:
  kind: { title: Kind, description: How the time is spent., type: string, enum: [asleep, at-work] }
outputs:
  result: { title: Nothing, type: features }
handlers:
  postgis: { procedure: long }
examples:
  - { title: Asleep, inputs: { kind: asleep } }
`;

let folder: string;
let rig: FaultRig;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'honua-long-'));
  cpSync(join(root, 'processes'), folder, { recursive: true });
  writeFileSync(join(folder, 'long.yaml'), PROCESS);
  rig = await openFaultRig(1, { Processing__ProcessesFolder: folder });
  await withClient(rig.superUrl, (client) => client.query(PROCEDURE));
  await rig.killAndRestart(); // what it may call is looked up at its start
});
afterAll(async () => {
  await rig.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The process ids of backends that work for an attempt at a run. */
const backends = (job: string, attempt: number): Promise<number[]> =>
  withClient(rig.superUrl, async (client) => {
    const { rows } = await client.query<{ pid: number }>(
      `select pid from pg_stat_activity where application_name = $1 and state = 'active'`,
      [`honua:${job.split('/').at(-1)}:${attempt}`],
    );
    return rows.map(({ pid }) => pid);
  });

/** Milliseconds until it is so. */
async function until(isSo: () => Promise<boolean>, limitMs: number, what: string): Promise<number> {
  const began = performance.now();
  while (!(await isSo())) {
    if (performance.now() - began > limitMs) throw new Error(`${what}: not within ${limitMs} ms`);
    await pause(20);
  }
  return performance.now() - began;
}

const atWork = async (kind: string): Promise<string> => {
  const job = await submit(rig.server.url, 'long', { inputs: { kind } });
  await until(async () => (await backends(job, 1)).length === 1, 10_000, 'the query runs');
  return job;
};

it.each(['asleep', 'at-work'])(
  'a cancel ends one that is %s within two seconds, and its backend',
  async (kind) => {
    const job = await atWork(kind);
    const began = performance.now();
    expect((await fetch(job, { method: 'DELETE' })).status).toBe(200);
    await until(async () => (await backends(job, 1)).length === 0, 2_000, 'the backend is gone');
    await until(async () => (await statusOf(job)).status === 'dismissed', 2_000, 'the run is cancelled');
    expect(performance.now() - began).toBeLessThan(2_000);
  },
);

it.each(['asleep', 'at-work'])('that of a killed server is gone within a lease: %s', async (kind) => {
  const job = await atWork(kind);
  await rig.killAndRestart();
  await until(async () => (await backends(job, 1)).length === 0, LEASE_MS, 'the backend is gone');
  // The new server has the run again, and can end it.
  await until(async () => (await backends(job, 2)).length === 1, 10_000, 'the run is tried again');
  expect((await fetch(`${rig.server.url}/jobs/${job.split('/').at(-1)}`, { method: 'DELETE' })).status).toBe(
    200,
  );
  await until(async () => (await backends(job, 2)).length === 0, 2_000, 'the backend is gone');
});

it('that of a server which stands still is ended by another once the lease is over', async () => {
  const job = await atWork('at-work');
  const still = rig.server;
  still.process.kill('SIGSTOP');
  try {
    await rig.addServer();
    await until(async () => (await backends(job, 1)).length === 0, LEASE_MS + 2_000, 'the backend is gone');
    const known = `${rig.servers[1]!.url}/jobs/${job.split('/').at(-1)}`;
    await until(async () => (await backends(job, 2)).length === 1, 10_000, 'the run is tried again');
    still.process.kill('SIGCONT');
    await pause(1_000); // the first server finds out that the run is no longer its own
    expect(await statusOf(known)).toMatchObject({ status: 'running' });
    expect((await fetch(known, { method: 'DELETE' })).status).toBe(200);
    await until(async () => (await statusOf(known)).status === 'dismissed', 2_000, 'the run is cancelled');
    expect(await backends(job, 2)).toEqual([]);
  } finally {
    still.process.kill('SIGCONT');
  }
});
