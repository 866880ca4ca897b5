/** Limits and policies as the control plane goes by them when nothing else would wake it, tell it, or keep requests apart. */
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { GetUsage, SetTenantLimits, type TenantLimits } from '../../src/control-plane/index.js';
import { type ControlPlane, principal, startControlPlane } from '../support/control-plane.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { echo, ProbeTier, untilStopped } from '../support/probe-tier.js';

let database: TestDatabase;
let plane: ControlPlane;
const [first, second] = [new ProbeTier(), new ProbeTier('postgis')];
beforeAll(async () => {
  database = await createTestDatabase();
  plane = await startControlPlane(
    database.url,
    { Scheduling__PollEvery: '10m', Processing__PolicyRefresh: '300ms' },
    [first, second],
  );
});
afterAll(async () => {
  await plane.close();
  await database.drop();
});
beforeEach(() => {
  for (const tier of [first, second]) tier.behaviour = echo;
});

const setLimits = (tenant: string, limits: TenantLimits, expected?: number): Promise<number> =>
  plane.app.get(CommandBus).execute(new SetTenantLimits(principal(tenant), tenant, limits, expected));
const asSystem = <Row>(statement: string, values: unknown[]): Promise<Row[]> =>
  plane.database.asSystem((manager) => manager.query<Row[]>(statement, values));

it('a raised limit lets a waiting run go at once, with no poll in sight', async () => {
  await setLimits('raised', { maxConcurrentJobs: 1 });
  first.behaviour = untilStopped;
  const holding = await plane.submitRun({ n: 1 }, {}, 'raised');
  await expect.poll(() => plane.get(holding.id, 'raised')).toMatchObject({ state: 'running' });
  first.behaviour = echo;
  const waiting = await plane.submitRun({ n: 2 }, {}, 'raised');
  await setLimits('raised', { maxConcurrentJobs: 2 }, 1);
  expect(await plane.ended(waiting.id, 'raised', 2_000)).toMatchObject({ state: 'succeeded' });
  await plane.cancel(holding.id, 'raised');
});

it('a rule that nobody told of is read all the same', async () => {
  await asSystem(
    `insert into policy_overrides (tenant_id, process_id, policy, version, updated_by) values ($1, 'probe', $2, 1, 'x')`,
    ['untold', { allowed: false }],
  );
  await expect
    .poll(() => plane.submit({}, {}, 'untold').catch((error: { code: string }) => error.code), {
      timeout: 5_000,
    })
    .toBe('policy-denied');
});

it('requests that race for what is left of a budget never get more than is left', async () => {
  first.behaviour = second.behaviour = untilStopped;
  const tenant = 'racing';
  const one = (await plane.submitRun({}, {}, tenant)).estimatedCostUnits;
  expect(one).toBeGreaterThan(0);
  await setLimits(tenant, { maxCostUnitsPerDay: one * 6.5, budgetReviewAt: null });
  const ends = await Promise.allSettled(
    Array.from({ length: 40 }, (_, n) => plane.submitRun({ n }, {}, tenant)),
  );
  const refused = ends.filter((end) => end.status === 'rejected');
  expect(ends.length - refused.length).toBe(5);
  for (const { reason } of refused)
    expect(reason).toMatchObject({ kind: 'payment-required', code: 'budget-spent' });
  const admitted = await asSystem<{ id: string; units: number }>(
    'select id, estimated_cost_units as units from process_runs where tenant_id = $1',
    [tenant],
  );
  expect(admitted.reduce((sum, { units }) => sum + units, 0)).toBeCloseTo(one * 6);
  for (const { id } of admitted) await plane.cancel(id, tenant);
});

it('the use of each tenant is its own', async () => {
  for (const [tenant, runs] of [
    ['frugal', 1],
    ['lavish', 3],
  ] as const)
    for (let n = 0; n < runs; n++) await plane.ended((await plane.submitRun({ n }, {}, tenant)).id, tenant);
  const today = new Date().toISOString().slice(0, 10);
  const usage = async (tenant?: string): Promise<Record<string, number>> => {
    const filter = { tenant, from: today, to: today };
    const rows = await plane.app.get(QueryBus).execute(new GetUsage(principal(), filter));
    return Object.fromEntries(rows.map((row) => [row.tenant, row.succeeded]));
  };
  expect(await usage('frugal')).toEqual({ frugal: 1 });
  expect(await usage('lavish')).toEqual({ lavish: 3 });
  expect(await usage()).toMatchObject({ frugal: 1, lavish: 3 });
});
