import type { InputSummary } from '../../execution/index.js';
import type { ProcessDefinition, TierName } from '../../registry/index.js';
import type { Locality } from './locality.js';
import type { AdmissionDecision, Admitted, Refused, RejectedTier } from './admission-decision.js';

/** What a tier answered when it was asked about this process. */
export interface TierFacts {
  registered: boolean;
  enabled: boolean;
  supports: { ok: true } | { ok: false; reason: string };
  healthy: boolean;
  detail?: string;
}

/** Everything the decision looks at, gathered first. */
export interface AdmissionFacts {
  definition: ProcessDefinition;
  tiers: ReadonlyMap<TierName, TierFacts>;
  /** Any of them asks for async: header, body. */
  asynchronousWanted: boolean;
  classAlwaysAsync: boolean;
  syncSlotFree: boolean;
  queued: { tenant: number; total: number };
  limits: {
    maxQueuedPerTenant: number;
    maxDepth: number;
    maxEstimatedCostUnits: number;
    maxFeatures: number;
    maxVertices: number;
  };
  /** Absent until the content has been looked at. */
  locality?: Locality;
  summary?: Pick<InputSummary, 'features' | 'vertices'>;
}

const RETRY_AFTER_QUEUE_SECONDS = 10;
const RETRY_AFTER_TIER_SECONDS = 5;
const SYNC_TIERS: TierName[] = ['in-process', 'postgis'];

/** Whether, where and how a request may run, and why. Pure: the same code answers a dry run. */
export function decideAdmission(facts: AdmissionFacts): AdmissionDecision {
  const { tiers, rejectedTiers } = chooseTiers(facts);
  const refusal = refuse(facts, tiers);
  if (refusal) return { admitted: false, rejectedTiers, ...refusal };
  const { mode, reason } = chooseMode(facts, tiers);
  const full = mode === 'async' ? queueFull(facts) : undefined;
  if (full) return { admitted: false, rejectedTiers, ...full };
  const admitted: Admitted = {
    admitted: true,
    mode,
    reason,
    tiers,
    rejectedTiers,
    resourceClass: facts.definition.resourceClass,
    lane: tiers[0]!,
    estimatedCostUnits: facts.definition.hints.estimatedCostUnits,
  };
  return admitted;
}

function chooseTiers({ definition, tiers, locality }: AdmissionFacts): {
  tiers: TierName[];
  rejectedTiers: RejectedTier[];
} {
  const chosen: TierName[] = [];
  const rejectedTiers: RejectedTier[] = [];
  for (const tier of nearestFirst(definition.preferredTiers, locality?.nearest)) {
    const reason = whyNot(tiers.get(tier)) ?? locality?.outOfReach[tier];
    if (reason) rejectedTiers.push({ tier, reason });
    else chosen.push(tier);
  }
  return { tiers: chosen, rejectedTiers };
}

const nearestFirst = (tiers: TierName[], nearest: TierName | undefined): TierName[] =>
  nearest !== undefined && tiers.includes(nearest)
    ? [nearest, ...tiers.filter((tier) => tier !== nearest)]
    : tiers;

function whyNot(tier: TierFacts | undefined): string | undefined {
  if (!tier?.registered) return 'This server has no such tier.';
  if (!tier.enabled) return 'The tier is switched off.';
  if (!tier.supports.ok) return tier.supports.reason;
  if (!tier.healthy) return tier.detail ?? 'The tier is not healthy.';
  return undefined;
}

type Refusal = Omit<Refused, 'admitted' | 'rejectedTiers'>;

function refuse(
  { definition, limits, summary, locality }: AdmissionFacts,
  tiers: TierName[],
): Refusal | undefined {
  if (locality?.refusal) return { kind: 'unsupported', code: 'requires-postgres', reason: locality.refusal };
  if (tiers.length === 0) {
    return {
      kind: 'unavailable',
      code: 'no-tier',
      reason: `No execution tier available for '${definition.id}'.`,
      retryAfterSeconds: RETRY_AFTER_TIER_SECONDS,
    };
  }
  const cost = definition.hints.estimatedCostUnits;
  if (cost > limits.maxEstimatedCostUnits) {
    return {
      kind: 'forbidden',
      code: 'cost-limit',
      reason: `Process admission denied: it is estimated at ${cost} cost units, the limit is ${limits.maxEstimatedCostUnits}.`,
    };
  }
  if (summary && summary.features > limits.maxFeatures)
    return tooLarge('features', summary.features, limits.maxFeatures);
  if (summary && summary.vertices > limits.maxVertices)
    return tooLarge('vertices', summary.vertices, limits.maxVertices);
  return undefined;
}

const tooLarge = (what: string, given: number, limit: number): Refusal => ({
  kind: 'too-large',
  code: `too-many-${what}`,
  reason: `The inputs have ${given} ${what}, the limit is ${limit}.`,
});

function queueFull({ queued, limits }: AdmissionFacts): Refusal | undefined {
  const own = queued.tenant >= limits.maxQueuedPerTenant;
  if (!own && queued.total < limits.maxDepth) return undefined;
  return {
    kind: 'rejected',
    code: own ? 'tenant-queue-full' : 'queue-full',
    reason: own
      ? `${queued.tenant} runs are waiting already, the limit is ${limits.maxQueuedPerTenant}.`
      : 'The queue is full.',
    retryAfterSeconds: RETRY_AFTER_QUEUE_SECONDS,
  };
}

function chooseMode(facts: AdmissionFacts, tiers: TierName[]): { mode: 'sync' | 'async'; reason: string } {
  if (facts.asynchronousWanted) return { mode: 'async', reason: 'Asynchronous execution was asked for.' };
  if (facts.classAlwaysAsync)
    return { mode: 'async', reason: `Class ${facts.definition.resourceClass} always runs asynchronously.` };
  if (!tiers.some((tier) => SYNC_TIERS.includes(tier)))
    return { mode: 'async', reason: 'No tier that answers at once can run it.' };
  if (!facts.syncSlotFree) return { mode: 'async', reason: 'No synchronous slot is free.' };
  return { mode: 'sync', reason: 'A synchronous slot is free.' };
}
