import type { AppErrorKind } from '../../shared/app-error.js';
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
}

export interface Refused {
  admitted: false;
  kind: Extract<AppErrorKind, 'rejected' | 'forbidden' | 'too-large' | 'unavailable' | 'unsupported'>;
  code: string;
  reason: string;
  retryAfterSeconds?: number;
  rejectedTiers: RejectedTier[];
}
