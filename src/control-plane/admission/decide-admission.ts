import type { InputSummary } from '../../execution/index.js';
import type { ResourceClassName } from '../../config/index.js';
import type { ProcessDefinition, TierName } from '../../registry/index.js';
import type { Policy } from '../policy/policy-override.js';
import type { EffectiveLimits } from '../policy/tenant-limits.js';
import type { AdmissionDecision, Admitted, Refused } from './admission-decision.js';
import { type BudgetLimits, type BudgetStanding, checkBudget, type Spending } from './check-budget.js';
import { estimateCost } from './estimate-cost.js';
import { DeterministicTierSelector, type TierFacts, type TierSelector } from './tier-selector.js';
import type { Locality } from './locality.js';

export type AdmissionLimits = BudgetLimits &
  Pick<
    EffectiveLimits,
    | 'maxQueuedPerTenant'
    | 'maxEstimatedCostUnits'
    | 'maxInputFeatures'
    | 'maxInputVertices'
    | 'highestPriority'
  > & { maxDepth: number };

/** Everything the decision looks at, gathered first. */
export interface AdmissionFacts {
  definition: ProcessDefinition;
  tiers: ReadonlyMap<TierName, TierFacts>;
  policy: Policy;
  /** What the configuration says of each class. */
  classes: Readonly<Record<ResourceClassName, { alwaysAsync: boolean; needsApproval: boolean }>>;
  /** How the request asks to run, by its header or its body; absent: it does not say. */
  wanted?: 'sync' | 'async';
  /** What its body asks for. */
  priority?: number;
  syncSlotFree: boolean;
  queued: { tenant: number; total: number };
  /** Absent where the tenant has neither budget nor limit of processor time. */
  spending?: Spending;
  limits: AdmissionLimits;
  /** Where the data of the request is. Absent until the content has been looked at. */
  locality?: Locality;
  summary?: Pick<InputSummary, 'features' | 'vertices'> & Partial<InputSummary>;
}

const RETRY_AFTER_QUEUE_SECONDS = 10;
const RETRY_AFTER_TIER_SECONDS = 5;
const SYNC_TIERS: TierName[] = ['in-process', 'postgis'];
const BY_ORDER = new DeterministicTierSelector();

/** Whether, where and how a request may run, and why. Pure: the same code answers a dry run. */
export function decideAdmission(facts: AdmissionFacts, selector: TierSelector = BY_ORDER): AdmissionDecision {
  const { definition, policy, summary } = facts;
  const { tiers, rejectedTiers } = selector.select(facts);
  const estimate = estimateCost(definition, summary);
  const refusal = refuse(facts, tiers, estimate);
  if (refusal) return { admitted: false, rejectedTiers, ...refusal };
  const budget = facts.spending ? checkBudget(estimate, facts.spending, facts.limits) : {};
  if (budget.refusal) return { admitted: false, rejectedTiers, ...budget.refusal };
  const resourceClass = policy.resourceClass ?? definition.resourceClass;
  const approval = whyApproval(facts, resourceClass, budget);
  const { mode, reason } = chooseMode(facts, { tiers, resourceClass, budget, approval });
  const full = mode === 'async' ? queueFull(facts) : undefined;
  if (full) return { admitted: false, rejectedTiers, ...full };
  const admitted: Admitted = {
    admitted: true,
    mode,
    reason,
    tiers,
    rejectedTiers,
    resourceClass,
    lane: tiers[0]!,
    estimatedCostUnits: estimate,
    ...(approval && { approval: { state: 'pending', reason: approval } }),
    ...(budget.warning && { warnings: [budget.warning] }),
    ...(policy.version && { policyVersion: policy.version }),
    ...(summary && {
      measured: { bytes: summary.bytes ?? 0, features: summary.features, vertices: summary.vertices },
    }),
  };
  return admitted;
}

type Refusal = Omit<Refused, 'admitted' | 'rejectedTiers'>;

function refuse(
  { definition, policy, limits, summary, locality, priority = 0 }: AdmissionFacts,
  tiers: TierName[],
  estimate: number,
): Refusal | undefined {
  const { id } = definition;
  const forbidden = (code: string, why: string): Refusal => ({
    kind: 'forbidden',
    code,
    reason: `Process admission denied: ${why}`,
  });
  if (policy.allowed === false)
    return forbidden('policy-denied', `the policy of this tenant does not allow process '${id}'.`);
  if (locality?.refusal) return { kind: 'unsupported', code: 'requires-postgres', reason: locality.refusal };
  if (tiers.length === 0)
    return {
      kind: 'unavailable',
      code: policy.forcedTier ? 'forced-tier-unavailable' : 'no-tier',
      reason: `No execution tier available for '${id}'.`,
      retryAfterSeconds: RETRY_AFTER_TIER_SECONDS,
    };
  const cap = Math.min(limits.maxEstimatedCostUnits, policy.maxEstimatedCostUnits ?? Infinity);
  if (estimate > cap)
    return forbidden(
      'cost-limit',
      `it is estimated at ${estimate} cost units, the limit of one run is ${cap}. Send less at once.`,
    );
  if (priority > limits.highestPriority)
    return forbidden(
      'priority-limit',
      `priority ${priority} was asked for, the highest for this tenant is ${limits.highestPriority}.`,
    );
  const sent = (what: 'features' | 'vertices'): number => summary![what] - (summary!.inPlace?.[what] ?? 0);
  if (summary && sent('features') > limits.maxInputFeatures)
    return tooLarge('features', sent('features'), limits.maxInputFeatures);
  if (summary && sent('vertices') > limits.maxInputVertices)
    return tooLarge('vertices', sent('vertices'), limits.maxInputVertices);
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
    ...(own && {
      quota: {
        name: 'queue',
        limit: limits.maxQueuedPerTenant,
        remaining: 0,
        resetSeconds: RETRY_AFTER_QUEUE_SECONDS,
      },
    }),
  };
}

function whyApproval(
  { classes, policy }: AdmissionFacts,
  resourceClass: ResourceClassName,
  { review }: BudgetStanding,
): string | undefined {
  if (classes[resourceClass].needsApproval) return `Runs of class ${resourceClass} wait for approval.`;
  if (policy.requiresApproval) return 'The policy of this tenant has it approved first.';
  return review;
}

interface Choice {
  tiers: TierName[];
  resourceClass: ResourceClassName;
  budget: BudgetStanding;
  approval: string | undefined;
}

function chooseMode(
  { policy, wanted, classes, syncSlotFree }: AdmissionFacts,
  { tiers, resourceClass, budget, approval }: Choice,
): { mode: 'sync' | 'async'; reason: string } {
  const asynchronous = (reason: string): { mode: 'async'; reason: string } => ({ mode: 'async', reason });
  const how = wanted ?? policy.mode;
  if (how === 'async' && !wanted) return asynchronous('The policy of this tenant has it run asynchronously.');
  if (how === 'async') return asynchronous('Asynchronous execution was asked for.');
  if (approval) return asynchronous(approval);
  if (policy.asyncOnly) return asynchronous('The policy of this tenant has it run asynchronously.');
  if (budget.asyncOnly) return asynchronous(budget.asyncOnly);
  if (classes[resourceClass].alwaysAsync)
    return asynchronous(`Class ${resourceClass} always runs asynchronously.`);
  if (!tiers.some((tier) => SYNC_TIERS.includes(tier)))
    return asynchronous('No tier that answers at once can run it.');
  if (!syncSlotFree) return asynchronous('No synchronous slot is free.');
  return { mode: 'sync', reason: 'A synchronous slot is free.' };
}
