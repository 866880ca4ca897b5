/** The seal over the audit ledger: whatever is changed, moved, added or taken away past the service is found and named. */
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LedgerSealer } from '../../src/control-plane/auditing/ledger-sealer.js';
import { VerifyLedger } from '../../src/control-plane/index.js';
import type { LedgerReport } from '../../src/control-plane/auditing/verify-ledger.js';
import { Retention } from '../../src/control-plane/retention/retention.js';
import { QueryBus } from '@nestjs/cqrs';
import { type ControlPlane, principal, startControlPlane } from '../support/control-plane.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aRun, insert } from '../support/run-rows.js';

const KEY = 'a key that only this test knows, of more than 32 bytes';
let database: TestDatabase;
let plane: ControlPlane;
let owner: Client;
let runs: string[];

beforeEach(async () => {
  database = await createTestDatabase();
  // Sealed when the test says so.
  plane = await startControlPlane(database.url, { Ledger__Key: KEY, Ledger__SealEvery: '1h' });
  owner = new Client(database.superUrl);
  await owner.connect();
  runs = [];
  for (let n = 0; n < 4; n++) {
    const run = await plane.submitRun({});
    await plane.ended(run.id);
    runs.push(run.id);
    await plane.app.get(LedgerSealer).seal();
  }
  await settled();
});
afterEach(async () => {
  await owner.end();
  await plane.close();
  await database.drop();
});

/** The last line of a run may be written a moment after its end is told. */
const settled = async (): Promise<void> => {
  await plane.app.get(LedgerSealer).seal();
  expect(await verify()).toMatchObject({ whole: true, faults: [] });
};
const verify = (kept?: { position: number; mac: string }): Promise<LedgerReport> =>
  plane.app.get(QueryBus).execute(new VerifyLedger(principal(), kept));
/** As somebody who owns the database, and has neither the key nor the artifact store. */
const tamper = async (sql: string, values: unknown[] = []): Promise<void> => {
  expect((await owner.query(sql, values)).rowCount).toBeGreaterThan(0);
};

it('every committed line is in the chain, and the chain is whole', async () => {
  const { rows } = await owner.query('select count(*)::int as n from process_run_events');
  expect(await verify()).toMatchObject({ whole: true, lines: rows[0].n, retired: 0 });
});

it.each([
  ['data', `data = data || '{"user": "somebody else"}'`],
  ['kind', `kind = 'failed'`],
  ['time', `at = at + interval '1 microsecond'`],
  ['tenant', `tenant_id = 'other'`],
  ['attempt', 'attempt = attempt + 1'],
])('a changed %s is found, and the line is named', async (_, change) => {
  await tamper(`update process_run_events set ${change} where run_id = $1 and seq = 2`, [runs[1]]);
  const { whole, faults } = await verify();
  expect(whole).toBe(false);
  expect(faults).toEqual([expect.objectContaining({ kind: 'line-changed', runId: runs[1], seq: 2 })]);
});

it('lines that have changed places are found', async () => {
  await tamper('update process_run_events set seq = 100 where run_id = $1 and seq = 1', [runs[2]]);
  await tamper('update process_run_events set seq = 1 where run_id = $1 and seq = 2', [runs[2]]);
  await tamper('update process_run_events set seq = 2 where run_id = $1 and seq = 100', [runs[2]]);
  const { faults } = await verify();
  expect(faults.map(({ kind, runId, seq }) => [kind, runId, seq])).toEqual([
    ['line-changed', runs[2], 1],
    ['line-changed', runs[2], 2],
  ]);
});

it('a line taken away is found and named', async () => {
  await tamper('delete from process_run_events where run_id = $1 and seq = 2', [runs[0]]);
  const { faults } = await verify();
  expect(faults).toEqual([expect.objectContaining({ kind: 'line-missing', runId: runs[0], seq: 2 })]);
});

it('a line put there past the service is found and named', async () => {
  await tamper(
    `insert into process_run_events (run_id, seq, tenant_id, kind, attempt, at, xid)
     values ($1, 99, 'default', 'succeeded', 1, clock_timestamp() - interval '1 hour', '3')`,
    [runs[0]],
  );
  const { faults } = await verify();
  expect(faults).toEqual([expect.objectContaining({ kind: 'line-added', runId: runs[0], seq: 99 })]);
});

describe('the chain itself', () => {
  it('a block that is gone is found', async () => {
    await tamper('delete from ledger_blocks where position = 2');
    const { faults } = await verify();
    expect(faults).toContainEqual(expect.objectContaining({ kind: 'block-missing', position: 2 }));
  });

  it('two blocks that have changed places are found', async () => {
    await tamper('update ledger_blocks set position = 1000 where position = 1');
    await tamper('update ledger_blocks set position = 1 where position = 2');
    await tamper('update ledger_blocks set position = 2 where position = 1000');
    const { faults } = await verify();
    expect(faults.map(({ kind, position }) => [kind, position])).toEqual(
      expect.arrayContaining([
        ['block-changed', 1],
        ['block-changed', 2],
      ]),
    );
  });

  it('a tail cut off with its lines is found, and its last line named', async () => {
    await tamper('delete from ledger_blocks where position = (select max(position) from ledger_blocks)');
    await tamper(
      `delete from process_run_events where run_id = $1
        and seq = (select max(seq) from process_run_events where run_id = $1)`,
      [runs[3]],
    );
    const { faults } = await verify();
    expect(faults).toContainEqual(expect.objectContaining({ kind: 'tail-missing' }));
    expect(faults).toContainEqual(expect.objectContaining({ kind: 'line-missing', runId: runs[3] }));
  });

  it('a tail sealed anew is not the one whose mark was kept', async () => {
    const { head } = await verify();
    await tamper('delete from ledger_blocks where position = $1', [head.position]);
    await plane.app.get(LedgerSealer).seal();
    // Neither the mark in the store nor one that an auditor kept is fooled.
    const { faults } = await verify();
    expect((await verify(head)).faults).toEqual(faults);
    expect(faults).toContainEqual(
      expect.objectContaining({ kind: 'block-changed', position: head.position }),
    );
  });

  it('who may write the service’s rows may not change a block or a line', async () => {
    for (const sql of [
      'update ledger_blocks set position = 0',
      'delete from ledger_blocks',
      `update process_run_events set kind = 'failed'`,
      'delete from process_run_events',
    ])
      for (const role of ['honua_system', 'honua_app']) {
        await owner.query('begin');
        await owner.query(`set local role ${role}`);
        await expect(owner.query(sql)).rejects.toThrow('permission denied');
        await owner.query('rollback');
      }
  });
});

it('a month that retention drops is excused by the chain; the rest still holds', async () => {
  const old = aRun({
    submittedAt: new Date(Date.now() - 70 * 86_400_000),
    tenant: 'default',
    lane: 'nowhere',
  });
  await owner.query('select ensure_partitions(0, $1)', [old.submittedAt]);
  await plane.database.asSystem((manager) => insert(manager, old));
  await plane.app.get(LedgerSealer).seal();
  const before = await verify();
  const retention = plane.app.get(Retention);
  const dropped = await retention.dropMonths(new Date(Date.now() + 370 * 86_400_000));
  expect(dropped.length).toBeGreaterThan(0);
  const after = await verify();
  expect(after).toMatchObject({ whole: true, lines: before.lines });
  expect(after.retired).toBeGreaterThan(0);
});

it('what a long transaction writes is sealed when it commits, and holds nobody up', async () => {
  const slow = new Client(database.superUrl);
  await slow.connect();
  await slow.query('begin');
  await slow.query(
    `insert into process_run_events (run_id, seq, tenant_id, kind, attempt) values ($1, 50, 'default', 'progressed', 1)`,
    [runs[0]],
  );
  const run = await plane.submitRun({});
  await plane.ended(run.id);
  await settled();
  const sealed = async (seq: number, id: string): Promise<boolean> =>
    (await owner.query('select from ledger_blocks where $1 = any(run_ids) and $2 = any(seqs)', [id, seq]))
      .rowCount! > 0;
  expect(await sealed(1, run.id)).toBe(true);
  expect(await sealed(50, runs[0]!)).toBe(false);
  await slow.query('commit');
  await slow.end();
  await plane.app.get(LedgerSealer).seal();
  expect(await sealed(50, runs[0]!)).toBe(true);
});

it('a database that counts its transactions from elsewhere is sealed on, each line once', async () => {
  // As after a restore from a dump into a younger cluster.
  await tamper(`update ledger_blocks set snapshot = '4000000000:4000000000:' where snapshot is not null`);
  await tamper(`update process_run_events set xid = '3999999999'`);
  const run = await plane.submitRun({});
  await plane.ended(run.id);
  await settled();
  await settled();
  const { rows } = await owner.query(
    `select count(*)::int as n, count(distinct (s.run_id, s.seq))::int as once
       from ledger_blocks b, unnest(b.run_ids, b.seqs) s (run_id, seq)`,
  );
  const { lines } = await verify();
  expect(rows[0]).toEqual({ n: lines, once: lines });
});
