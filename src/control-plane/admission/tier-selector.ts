import type { ProcessDefinition, TierName } from '../../registry/index.js';
import type { Policy } from '../policy/policy-override.js';
import type { Locality } from './locality.js';
import type { RejectedTier } from './admission-decision.js';

/** What a tier answered when it was asked about this process. */
export interface TierFacts {
  registered: boolean;
  enabled: boolean;
  supports: { ok: true } | { ok: false; reason: string };
  healthy: boolean;
  detail?: string;
}

export interface SelectionFacts {
  definition: ProcessDefinition;
  tiers: ReadonlyMap<TierName, TierFacts>;
  policy: Pick<Policy, 'tierOrder' | 'forcedTier'>;
  /** Absent until the content has been looked at. */
  locality?: Locality;
}

/** Tiers in the order they are to be tried, and why each of the others is not among them. */
export interface Selection {
  tiers: TierName[];
  rejectedTiers: RejectedTier[];
}

/**
 * Chooses the tiers of a run. Pure, so that a dry run answers the same. Another one may choose by experience: the view
 * `tier_observations` has tier, process, size of the input, duration and outcome of every run that was started.
 */
export abstract class TierSelector {
  abstract select(facts: SelectionFacts): Selection;
}

/** By the order of the policy, else where the data is, else of the process; what cannot run it is passed over, never what is forced. */
export class DeterministicTierSelector extends TierSelector {
  select(facts: SelectionFacts): Selection {
    const tiers: TierName[] = [];
    const rejectedTiers: RejectedTier[] = [];
    for (const tier of candidates(facts)) {
      const reason = whyNot(tier, facts);
      if (reason) rejectedTiers.push({ tier, reason });
      else tiers.push(tier);
    }
    return { tiers, rejectedTiers };
  }
}

/** All that could be meant: what the policy names first, and then what the process would take without it. */
export function candidates({
  definition: { preferredTiers },
  policy: { forcedTier, tierOrder = [] },
  locality,
}: Pick<SelectionFacts, 'definition' | 'policy' | 'locality'>): TierName[] {
  const nearest = preferredTiers.filter((tier) => tier === locality?.nearest);
  return [...new Set([...(forcedTier ? [forcedTier] : []), ...tierOrder, ...nearest, ...preferredTiers])];
}

function whyNot(
  tier: TierName,
  { definition, tiers, locality, policy: { forcedTier, tierOrder } }: SelectionFacts,
): string | undefined {
  if (forcedTier && tier !== forcedTier) return `The policy forces tier ${forcedTier}.`;
  if (!forcedTier && tierOrder && !tierOrder.includes(tier))
    return 'It is not in the tier order of the policy.';
  if (!definition.preferredTiers.includes(tier))
    return `Process '${definition.id}' is not made for this tier.`;
  const facts = tiers.get(tier);
  if (!facts?.registered) return 'This server has no such tier.';
  if (!facts.enabled) return 'The tier is switched off.';
  if (!facts.supports.ok) return facts.supports.reason;
  if (!facts.healthy) return facts.detail ?? 'The tier is not healthy.';
  return locality?.outOfReach[tier];
}
