import { QueryBus } from '@nestjs/cqrs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ListRuns, type ProcessRun, type RunFilter } from '../../src/control-plane/index.js';
import { requestCancel } from '../../src/control-plane/run/request-cancel.js';
import { type ControlPlane, principal, startControlPlane } from '../support/control-plane.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aRun, aSyncRun, insert } from '../support/run-rows.js';

let database: TestDatabase;
let plane: ControlPlane;
const START = Date.now() - 3_600_000;
const SECOND = 1_000;

/** One run per second, the user naming it. */
beforeAll(async () => {
  database = await createTestDatabase();
  plane = await startControlPlane(database.url);
  const rows: Partial<ProcessRun>[] = [
    { user: 'queued', lane: 'nowhere' },
    { user: 'running', processId: 'other' },
    { user: 'cancelling' },
    { user: 'short' },
    { user: 'long' },
    { user: 'failed' },
    { user: 'dismissed' },
  ];
  await plane.database.asSystem(async (manager) => {
    for (const [n, row] of rows.entries()) {
      const draft = row.user === 'queued' ? aRun : aSyncRun;
      const run = draft({ ...row, submittedAt: new Date(START + n * SECOND) });
      await insert(manager, run, {}, { limits: { maxConcurrentJobs: 99 }, leaseMs: 3_600_000 });
      if (row.user === 'cancelling')
        await plane.database.inTenant('acme', (tenant) => requestCancel(tenant, run.id!));
      const end = {
        short: ['succeeded', '1 s'],
        long: ['succeeded', '90 s'],
        failed: ['failed', '5 s'],
        dismissed: ['failed', '5 s'],
      }[row.user!];
      if (end)
        await manager.query(
          `update process_runs set state = $2, lease_until = null, completed_at = started_at + $3::interval where id = $1`,
          [run.id, ...end],
        );
      if (row.user === 'dismissed')
        await manager.query('update process_runs set dismissed_at = now() where id = $1', [run.id]);
    }
  });
});
afterAll(async () => {
  await plane.close();
  await database.drop();
});

const list = (filter: Partial<RunFilter>, tenant = 'acme') =>
  plane.app.get(QueryBus).execute(new ListRuns(principal(tenant), { limit: 100, ...filter }));
const names = async (filter: Partial<RunFilter>): Promise<string[]> =>
  (await list(filter)).runs.map(({ user }) => user);
const at = (n: number): Date => new Date(START + n * SECOND);

it('newest first, without tombstones', async () => {
  expect(await names({})).toEqual(['failed', 'long', 'short', 'cancelling', 'running', 'queued']);
  expect((await list({}, 'nobody')).runs).toEqual([]);
});

it.each<[string, Partial<RunFilter>, string[]]>([
  ['a state', { states: ['succeeded'] }, ['long', 'short']],
  ['running, which cancelling is not', { states: ['running'] }, ['running']],
  ['several states', { states: ['cancelling', 'queued'] }, ['cancelling', 'queued']],
  ['no state', { states: [] }, []],
  ['a process', { processIds: ['other'] }, ['running']],
  ['an unknown process', { processIds: ['nothing'] }, []],
  ['an interval, its ends included', { submittedFrom: at(3), submittedTo: at(4) }, ['long', 'short']],
  ['an open start', { submittedTo: at(0) }, ['queued']],
  ['an open end', { submittedFrom: at(5) }, ['failed']],
  ['a millisecond', { submittedFrom: at(3), submittedTo: at(3) }, ['short']],
  ['before there were ids', { submittedTo: new Date('1950-01-01') }, []],
  ['after there will be ids', { submittedFrom: new Date(8.64e15) }, []],
  ['a least duration, running runs until now', { minDurationSeconds: 60 }, ['long']],
  ['a greatest duration', { maxDurationSeconds: 4.5, states: ['succeeded', 'failed'] }, ['short']],
  ['both', { minDurationSeconds: 4, maxDurationSeconds: 6 }, ['failed']],
  [
    'all of it',
    { states: ['succeeded'], processIds: ['probe'], submittedFrom: at(4), minDurationSeconds: 1 },
    ['long'],
  ],
])('filters by %s', async (_, filter, expected) => {
  expect(await names(filter)).toEqual(expected);
});

it('pages by keyset: no run twice, none left out, also while new ones come', async () => {
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await list({ limit: 2, after });
    expect(page.runs.length).toBeLessThanOrEqual(2);
    seen.push(...page.runs.map(({ user }) => user));
    after = page.next;
    await plane.database.asSystem((manager) => insert(manager, aRun({ user: 'new', lane: 'nowhere' })));
  } while (after);
  expect(seen).toEqual(['failed', 'long', 'short', 'cancelling', 'running', 'queued']);
});
