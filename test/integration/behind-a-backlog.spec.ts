/** Fairness where it shows: one run of a tenant behind ten thousand of another. */
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { uuidV7 } from '../../src/shared/uuid-v7.js';
import { type ControlPlane, startControlPlane } from '../support/control-plane.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { succeed } from '../support/probe-tier.js';

const BACKLOG = 10_000;
let database: TestDatabase;
let plane: ControlPlane;
beforeAll(async () => {
  database = await createTestDatabase();
  plane = await startControlPlane(database.url);
  plane.probe.behaviour = async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    return succeed('x');
  };
});
afterAll(async () => {
  await plane.close();
  await database.drop();
});

it('is started within two seconds', async () => {
  const first = await plane.submitRun({}, { mode: 'async' }, 'many');
  await plane.ended(first.id, 'many');
  const owner = new Client(database.superUrl);
  await owner.connect();
  try {
    // Copies of a real run, queued: what ten thousand submissions would have left.
    await owner.query(
      `insert into process_runs
       select (jsonb_populate_record(r, jsonb_build_object('id', s.id, 'state', 'queued', 'attempt', 0, 'worker', null,
                 'tier', null, 'started_at', null, 'completed_at', null, 'outputs', null, 'progress', 0,
                 'cost_units', null, 'event_seq', 1))).*
         from process_runs r, unnest($2::uuid[]) s (id) where r.id = $1`,
      [first.id, Array.from({ length: BACKLOG }, () => uuidV7(new Date()))],
    );
    await owner.query(
      `insert into process_run_inputs (run_id, tenant_id, bytes)
       select r.id, r.tenant_id, '{}' from process_runs r where r.state = 'queued'`,
    );
    await owner.query(
      `select mark_lane(lane, tenant_id, resource_class, id) from process_runs where state = 'queued' order by id limit 1`,
    );
    await owner.query('analyze process_runs');
    await owner.query(`notify honua_lane, 'in-process'`);
    await expect
      .poll(async () => (await owner.query(`select from process_runs where state = 'running'`)).rowCount, {
        timeout: 10_000,
      })
      .toBeGreaterThan(0);
    for (let n = 0; n < 3; n++) {
      const run = await plane.submitRun({}, { mode: 'async' }, 'one');
      const ended = await plane.ended(run.id, 'one');
      expect(ended.startedAt!.getTime() - ended.submittedAt.getTime()).toBeLessThanOrEqual(2_000);
    }
    const { rows } = await owner.query(
      `select count(*)::int as n from process_runs where state = 'queued' and tenant_id = 'many'`,
    );
    expect(rows[0].n).toBeGreaterThan(BACKLOG / 2);
  } finally {
    await owner.end();
  }
});
