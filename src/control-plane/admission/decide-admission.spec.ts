import { describe, expect, it } from 'vitest';
import { processDefinitionSchema, type ProcessDefinition } from '../../registry/process-definition.js';
import type { Admitted, Refused } from './admission-decision.js';
import type { Spending } from './check-budget.js';
import { type AdmissionFacts, decideAdmission } from './decide-admission.js';
import type { TierFacts } from './tier-selector.js';

const good: TierFacts = { registered: true, enabled: true, supports: { ok: true }, healthy: true };

const definition = (over: object = {}): ProcessDefinition =>
  processDefinitionSchema.parse({
    id: 'echo',
    title: 'Echo',
    description: 'Answers what it is given.',
    version: '1.0.0',
    preferredTiers: ['in-process', 'postgis'],
    inputs: {},
    outputs: {},
    handlers: { 'in-process': {}, postgis: {} },
    examples: [{ title: 'x', inputs: {} }],
    ...over,
  });

const facts = (over: Partial<AdmissionFacts> = {}): AdmissionFacts => ({
  definition: definition(),
  tiers: new Map([
    ['in-process', good],
    ['postgis', good],
    ['cloud-batch', good],
  ]),
  policy: {},
  classes: {
    CpuBurst: { alwaysAsync: false, needsApproval: false },
    DbHeavy: { alwaysAsync: false, needsApproval: false },
    PythonGpu: { alwaysAsync: true, needsApproval: false },
    LongTail: { alwaysAsync: true, needsApproval: true },
  },
  syncSlotFree: true,
  queued: { tenant: 0, total: 0 },
  limits: {
    maxQueuedPerTenant: 3,
    maxDepth: 10,
    maxEstimatedCostUnits: 100,
    maxInputFeatures: 5,
    maxInputVertices: 50,
    highestPriority: 0,
    maxCpuSecondsPerDay: null,
    maxCostUnitsPerDay: null,
    maxCostUnitsPerMonth: null,
    budgetWarnAt: 0.8,
    budgetAsyncOnlyAt: 0.9,
    budgetReviewAt: 0.95,
  },
  ...over,
});

const admitted = (given: AdmissionFacts): Admitted => {
  const decision = decideAdmission(given);
  if (!decision.admitted) throw new Error(decision.reason);
  return decision;
};
const refused = (given: AdmissionFacts): Refused => {
  const decision = decideAdmission(given);
  if (decision.admitted) throw new Error('it was admitted');
  return decision;
};

describe('tiers', () => {
  it('keeps the order of the definition; the first is the lane', () => {
    expect(admitted(facts())).toMatchObject({
      tiers: ['in-process', 'postgis'],
      lane: 'in-process',
      rejectedTiers: [],
    });
  });

  it.each<[string, TierFacts | undefined, string]>([
    ['missing', undefined, 'This server has no such tier.'],
    ['switched off', { ...good, enabled: false }, 'The tier is switched off.'],
    ['unable', { ...good, supports: { ok: false, reason: 'no such procedure' } }, 'no such procedure'],
    ['ill', { ...good, healthy: false, detail: 'no workers' }, 'no workers'],
  ])('passes over a tier that is %s, and says why', (_, tier, reason) => {
    const tiers = new Map([['postgis' as const, good]]) as Map<'in-process' | 'postgis', TierFacts>;
    if (tier) tiers.set('in-process', tier);
    expect(admitted(facts({ tiers }))).toMatchObject({
      tiers: ['postgis'],
      lane: 'postgis',
      rejectedTiers: [{ tier: 'in-process', reason }],
    });
  });

  it('is unavailable where no tier is left', () => {
    expect(refused(facts({ tiers: new Map() }))).toMatchObject({
      kind: 'unavailable',
      reason: "No execution tier available for 'echo'.",
      rejectedTiers: [{ tier: 'in-process' }, { tier: 'postgis' }],
    });
  });
});

describe('mode', () => {
  it('is synchronous by default', () => expect(admitted(facts()).mode).toBe('sync'));

  it.each<[string, Partial<AdmissionFacts>]>([
    ['it was asked for', { wanted: 'async' }],
    ['its class always is', { definition: definition({ resourceClass: 'PythonGpu' }) }],
    ['the policy says so', { policy: { asyncOnly: true }, wanted: 'sync' }],
    ['the policy does so where nothing is said', { policy: { mode: 'async' } }],
    ['no slot is free', { syncSlotFree: false }],
    [
      'only the batch tier runs it',
      { definition: definition({ preferredTiers: ['cloud-batch'], handlers: { 'cloud-batch': {} } }) },
    ],
  ])('is asynchronous where %s', (_, over) => expect(admitted(facts(over)).mode).toBe('async'));
});

it('a request that says sync stands before the mode of the policy', () =>
  expect(admitted(facts({ policy: { mode: 'async' }, wanted: 'sync' })).mode).toBe('sync'));

describe('policy', () => {
  it('orders the tiers, and leaves out those it does not name', () => {
    expect(admitted(facts({ policy: { tierOrder: ['postgis'] } }))).toMatchObject({
      tiers: ['postgis'],
      rejectedTiers: [{ tier: 'in-process', reason: 'It is not in the tier order of the policy.' }],
    });
    expect(admitted(facts({ policy: { tierOrder: ['postgis', 'in-process'] } })).tiers).toEqual([
      'postgis',
      'in-process',
    ]);
  });

  it('forces a tier: where that cannot run it, none does', () => {
    expect(admitted(facts({ policy: { forcedTier: 'postgis' } }))).toMatchObject({
      tiers: ['postgis'],
      rejectedTiers: [{ tier: 'in-process', reason: 'The policy forces tier postgis.' }],
    });
    const tiers = new Map([
      ['in-process' as const, good],
      ['postgis' as const, { ...good, healthy: false, detail: 'it is down' }],
    ]);
    expect(refused(facts({ tiers, policy: { forcedTier: 'postgis' } }))).toMatchObject({
      kind: 'unavailable',
      code: 'forced-tier-unavailable',
      rejectedTiers: [
        { tier: 'postgis', reason: 'it is down' },
        { tier: 'in-process', reason: 'The policy forces tier postgis.' },
      ],
    });
  });

  it('never sends a process where it was not made for', () => {
    expect(refused(facts({ policy: { forcedTier: 'cloud-batch' } })).rejectedTiers[0]).toEqual({
      tier: 'cloud-batch',
      reason: "Process 'echo' is not made for this tier.",
    });
  });

  it('forbids, caps and names itself', () => {
    expect(refused(facts({ policy: { allowed: false } }))).toMatchObject({
      kind: 'forbidden',
      code: 'policy-denied',
    });
    expect(refused(facts({ policy: { maxEstimatedCostUnits: 0.5 } })).code).toBe('cost-limit');
    expect(admitted(facts({ policy: { version: '*:3' } })).policyVersion).toBe('*:3');
  });

  it('moves a run to another class, and with it to what that class asks', () => {
    expect(admitted(facts({ policy: { resourceClass: 'LongTail' } }))).toMatchObject({
      resourceClass: 'LongTail',
      mode: 'async',
      approval: { state: 'pending', reason: 'Runs of class LongTail wait for approval.' },
    });
  });

  it('bounds the priority', () => {
    expect(refused(facts({ priority: 1 }))).toMatchObject({ kind: 'forbidden', code: 'priority-limit' });
    expect(admitted(facts({ priority: -5 })).admitted).toBe(true);
  });
});

describe('budget', () => {
  const spent = (units: number, over: Partial<Spending> = {}): Partial<AdmissionFacts> => ({
    spending: {
      dayUnits: units,
      monthUnits: units,
      dayCpuSeconds: 0,
      reservedUnits: 0,
      daySecondsLeft: 60,
      monthSecondsLeft: 600,
      ...over,
    },
    limits: { ...facts().limits, maxCostUnitsPerDay: 100 },
  });

  it('is refused beyond it, by what is spent, reserved and estimated', () => {
    expect(refused(facts(spent(99.5)))).toMatchObject({
      kind: 'payment-required',
      code: 'budget-spent',
      retryAfterSeconds: 60,
      quota: { name: 'cost-units-day', limit: 100, remaining: 0.5 },
    });
    expect(refused(facts(spent(50, { reservedUnits: 49.5 }))).code).toBe('budget-spent');
    expect(admitted(facts(spent(50))).warnings).toBeUndefined();
  });

  it('warns near it, then goes asynchronous, then asks an operator', () => {
    const warned = admitted(facts(spent(80)));
    expect(warned).toMatchObject({ mode: 'sync', warnings: [expect.stringContaining('80 of 100')] });
    const async = admitted(facts(spent(90)));
    expect(async.mode).toBe('async');
    expect(async.approval).toBeUndefined();
    expect(admitted(facts(spent(95))).approval).toMatchObject({ state: 'pending' });
  });

  it('the processor time of a day is a limit of its own', () => {
    const given = spent(0, { dayCpuSeconds: 10 });
    expect(refused(facts({ ...given, limits: { ...given.limits!, maxCpuSecondsPerDay: 10 } }))).toMatchObject(
      { kind: 'rejected', code: 'cpu-seconds-spent', retryAfterSeconds: 60 },
    );
  });

  it('is estimated by what the request brings', () => {
    const hints = {
      estimatedCostUnits: 1,
      costPer: { feature: 0.5, vertex: 0.01, megabyte: 2, inputs: { pause: 3 } },
    };
    const summary = { features: 2, vertices: 10, bytes: 500_000, scalars: { pause: 2, unit: 'm' } };
    expect(admitted(facts({ definition: definition({ hints }), summary })).estimatedCostUnits).toBeCloseTo(
      1 + 1 + 0.1 + 1 + 6,
    );
  });
});

describe('limits', () => {
  it('refuses a full queue, but only what would have to wait in it', () => {
    const full = { queued: { tenant: 3, total: 3 } };
    expect(admitted(facts(full)).mode).toBe('sync');
    expect(refused(facts({ ...full, wanted: 'async' }))).toMatchObject({
      kind: 'rejected',
      code: 'tenant-queue-full',
      retryAfterSeconds: 10,
    });
    expect(refused(facts({ queued: { tenant: 0, total: 10 }, syncSlotFree: false }))).toMatchObject({
      code: 'queue-full',
    });
  });

  it.each([
    ['features', { features: 6, vertices: 1 }],
    ['vertices', { features: 1, vertices: 51 }],
  ])('refuses too many %s', (what, summary) => {
    expect(refused(facts({ summary }))).toMatchObject({ kind: 'too-large', code: `too-many-${what}` });
    expect(admitted(facts({ summary: { features: 5, vertices: 50 } })).admitted).toBe(true);
  });

  it('refuses what costs more than the limit', () => {
    const dear = definition({ hints: { estimatedCostUnits: 101 } });
    expect(refused(facts({ definition: dear }))).toMatchObject({ kind: 'forbidden', code: 'cost-limit' });
  });
});
