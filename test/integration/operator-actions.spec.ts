/** What operators do to runs and tiers, on a real database and, where it matters, with two servers. */
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FindRuns, GetTiers, type ProcessRun, RetryRun, SwitchTier } from '../../src/control-plane/index.js';
import { type ControlPlane, principal, startControlPlane } from '../support/control-plane.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type Behaviour, succeed, untilStopped } from '../support/probe-tier.js';

let database: TestDatabase;
let plane: ControlPlane;
let other: ControlPlane;
beforeAll(async () => {
  database = await createTestDatabase();
  plane = await startControlPlane(database.url);
  other = await startControlPlane(database.url);
});
afterAll(async () => {
  await plane.close();
  await other.close();
  await database.drop();
});

const operator = principal();
const fail: Behaviour = async () => ({
  kind: 'finished',
  outcome: {
    kind: 'failed',
    failure: { reason: 'process-error', message: 'no luck', retryable: false },
    messages: [],
    usage: { wallMs: 1, cpuMs: 1 },
  },
});
const command = <T>(of: ControlPlane, one: RetryRun | SwitchTier): Promise<T> =>
  of.app.get(CommandBus).execute(one as never);

describe('a retry', () => {
  it('is a new run of the same request, and leaves the first as it ended', async () => {
    plane.probe.behaviour = other.probe.behaviour = fail;
    const first = await plane.submitRun({ inputs: { a: 1 } }, {}, 'acme');
    expect((await plane.ended(first.id, 'acme')).state).toBe('failed');
    plane.probe.behaviour = other.probe.behaviour = async () => succeed('luck');
    const second = await command<ProcessRun>(plane, new RetryRun(principal('acme'), first.id));
    expect(second).toMatchObject({ tenant: 'acme', processId: 'probe', mode: 'async' });
    expect(second.id).not.toBe(first.id);
    expect(second.input.sha256).toBe(first.input.sha256);
    expect((await plane.ended(second.id, 'acme')).state).toBe('succeeded');
    expect((await plane.get(first.id, 'acme')).state).toBe('failed');
  });

  it('of a run that goes on is refused', async () => {
    plane.probe.behaviour = other.probe.behaviour = untilStopped;
    const run = await plane.submitRun({}, {}, 'acme');
    await expect(command(plane, new RetryRun(principal('acme'), run.id))).rejects.toMatchObject({
      kind: 'conflict',
    });
    await plane.cancel(run.id, 'acme');
    await plane.ended(run.id, 'acme');
    plane.probe.behaviour = other.probe.behaviour = async () => succeed('x');
  });
});

it('operators find runs of every tenant, by what they ask for', async () => {
  const a = await plane.submitRun({}, {}, 'tenant-a');
  const b = await plane.submitRun({}, { mode: 'async' }, 'tenant-b');
  const find = async (filter: object): Promise<string[]> => {
    const page = await plane.app.get(QueryBus).execute(new FindRuns(operator, { limit: 100, ...filter }));
    return page.runs.map(({ id }) => id);
  };
  expect(await find({})).toEqual(expect.arrayContaining([a.id, b.id]));
  expect(await find({ tenants: ['tenant-a'] })).toEqual([a.id]);
  expect(await find({ tenants: ['tenant-a', 'tenant-b'], modes: ['async'] })).toEqual([b.id]);
  expect(await find({ tenants: ['tenant-a'], users: ['nobody'] })).toEqual([]);
  expect(await find({ tenants: ['tenant-a'], tiers: ['postgis'] })).toEqual([]);
});

describe('a drained tier', () => {
  const until = async (of: ControlPlane, drained: boolean): Promise<void> => {
    await expect
      .poll(
        async () =>
          (await of.app.get(QueryBus).execute(new GetTiers(operator))).find(
            ({ tier }) => tier === 'in-process',
          )!.drained !== undefined,
        { timeout: 2_000, interval: 20 },
      )
      .toBe(drained);
  };

  it('is passed over on every server within two seconds, with the reason, and claims nothing', async () => {
    const waiting = await plane.submitRun({}, { mode: 'async' });
    await plane.ended(waiting.id);
    await command(plane, new SwitchTier(operator, 'in-process', 'maintenance'));
    await until(other, true);
    const refused = await other.submit({}, { dryRun: true });
    expect(refused).toMatchObject({
      decision: {
        rejectedTiers: expect.arrayContaining([
          { tier: 'in-process', reason: 'The tier is drained: maintenance' },
        ]),
      },
    });
    await command(other, new SwitchTier(operator, 'in-process'));
    await until(plane, false);
    expect((await plane.ended((await plane.submitRun({}, { mode: 'async' })).id)).state).toBe('succeeded');
  });

  it('of a name that no tier has is not found', async () => {
    await expect(command(plane, new SwitchTier(operator, 'abacus', 'x'))).rejects.toMatchObject({
      kind: 'not-found',
    });
  });
});
