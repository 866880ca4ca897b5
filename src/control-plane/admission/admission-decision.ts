import type { AppErrorKind, Quota } from '../../shared/app-error.js';
import type { ResourceClassName } from '../../config/index.js';
import type { TierName } from '../../registry/index.js';

export interface RejectedTier {
  tier: TierName;
  reason: string;
}

/** What admission decided and why; kept on the run, and the whole answer of a dry run. */
export type AdmissionDecision = Admitted | Refused;

export interface Admitted {
  admitted: true;
  mode: 'sync' | 'async';
  /** Tiers in the order they are tried. */
  tiers: TierName[];
  rejectedTiers: RejectedTier[];
  resourceClass: ResourceClassName;
  lane: string;
  estimatedCostUnits: number;
  /** Why this mode, for people. */
  reason: string;
  /** It waits in the queue until an operator has approved it; why. */
  approval?: { state: 'pending'; reason: string };
  /** What its caller should know: a budget that is nearly spent. */
  warnings?: string[];
  /** The policies it was decided under, by process and version. */
  policyVersion?: string;
  /** What the request was found to hold; for whoever chooses tiers by experience. */
  measured?: { bytes: number; features: number; vertices: number };
  /** It is for so many runs together; what was measured and estimated is their sum. */
  array?: { size: number };
}

export interface Refused {
  admitted: false;
  kind: Extract<
    AppErrorKind,
    'rejected' | 'forbidden' | 'payment-required' | 'too-large' | 'unavailable' | 'unsupported'
  >;
  code: string;
  reason: string;
  retryAfterSeconds?: number;
  /** What was exceeded, where it is a number of the tenant's. */
  quota?: Quota;
  rejectedTiers: RejectedTier[];
}
