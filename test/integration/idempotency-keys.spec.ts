import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ControlPlane, startControlPlane } from '../support/control-plane.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { setLimits } from '../support/run-rows.js';

let database: TestDatabase;
/** Two servers on one database. */
let planes: [ControlPlane, ControlPlane];
beforeAll(async () => {
  database = await createTestDatabase();
  planes = [await startControlPlane(database.url), await startControlPlane(database.url)];
});
afterAll(async () => {
  for (const plane of planes) await plane.close();
  await database.drop();
});

const runsOf = (tenant: string): Promise<unknown[]> =>
  planes[0].database.asSystem((manager) =>
    manager.query<unknown[]>('select 1 from process_runs where tenant_id = $1', [tenant]),
  );

it.each(['sync', 'async'] as const)('50 %s submits at once on two servers make one run', async (mode) => {
  const submissions = await Promise.all(
    Array.from({ length: 50 }, (_, n) =>
      planes[n % 2]!.submit({ n: 0 }, { mode, idempotencyKey: 'once' }, `fifty-${mode}`),
    ),
  );
  const runs = submissions.map((submission) => {
    if (submission.kind !== 'run') throw new Error('not a run');
    return submission;
  });
  expect(new Set(runs.map(({ run }) => run.id)).size).toBe(1);
  expect(runs.filter(({ replayed }) => !replayed)).toHaveLength(1);
  expect(await runsOf(`fifty-${mode}`)).toHaveLength(1);
  await planes[0].ended(runs[0]!.run.id, `fifty-${mode}`);
});

it('a replay answers the run as it is by now', async () => {
  const first = await planes[0].submitRun({ n: 1 }, { idempotencyKey: 'later' });
  await planes[0].ended(first.id);
  const again = await planes[1].submit({ n: 1 }, { idempotencyKey: 'later' });
  expect(again).toMatchObject({ replayed: true, run: { id: first.id, state: 'succeeded' } });
});

it('another body under the same key is a mismatch, also when both come at once', async () => {
  await planes[0].submitRun({ n: 1 }, { idempotencyKey: 'reused' });
  await expect(planes[1].submit({ n: 2 }, { idempotencyKey: 'reused' })).rejects.toMatchObject({
    kind: 'mismatch',
  });
  const both = await Promise.allSettled(
    [1, 2].map((n) => planes[n - 1]!.submit({ n }, { idempotencyKey: 'raced' }, 'raced')),
  );
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await runsOf('raced')).toHaveLength(1);
});

it('keys are a tenant’s own', async () => {
  const one = await planes[0].submitRun({}, { idempotencyKey: 'shared' }, 'one');
  const two = await planes[0].submitRun({ other: true }, { idempotencyKey: 'shared' }, 'two');
  expect(one.id).not.toBe(two.id);
});

it('a submit that found no slot leaves no key behind', async () => {
  await planes[0].database.asSystem((manager) => setLimits(manager, 'full', { maxConcurrentJobs: 0 }));
  const run = await planes[0].submitRun({}, { idempotencyKey: 'waits' }, 'full');
  expect(run).toMatchObject({ mode: 'async', state: 'queued' });
  expect(await runsOf('full')).toHaveLength(1);
});
