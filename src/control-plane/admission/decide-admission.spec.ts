import { describe, expect, it } from 'vitest';
import { processDefinitionSchema, type ProcessDefinition } from '../../registry/process-definition.js';
import type { Admitted, Refused } from './admission-decision.js';
import { type AdmissionFacts, decideAdmission, type TierFacts } from './decide-admission.js';

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
  asynchronousWanted: false,
  classAlwaysAsync: false,
  syncSlotFree: true,
  queued: { tenant: 0, total: 0 },
  limits: {
    maxQueuedPerTenant: 3,
    maxDepth: 10,
    maxEstimatedCostUnits: 100,
    maxFeatures: 5,
    maxVertices: 50,
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
    ['it was asked for', { asynchronousWanted: true }],
    ['its class always is', { classAlwaysAsync: true }],
    ['no slot is free', { syncSlotFree: false }],
    [
      'only the batch tier runs it',
      { definition: definition({ preferredTiers: ['cloud-batch'], handlers: { 'cloud-batch': {} } }) },
    ],
  ])('is asynchronous where %s', (_, over) => expect(admitted(facts(over)).mode).toBe('async'));
});

describe('limits', () => {
  it('refuses a full queue, but only what would have to wait in it', () => {
    const full = { queued: { tenant: 3, total: 3 } };
    expect(admitted(facts(full)).mode).toBe('sync');
    expect(refused(facts({ ...full, asynchronousWanted: true }))).toMatchObject({
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
