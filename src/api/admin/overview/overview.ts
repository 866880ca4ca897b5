import type { TierState } from '../../../control-plane/index.js';
import type { RunInfo } from '../runs/run-info.js';
import type { TenantInfo } from '../tenants/tenant-info.js';

/** How the service is, on one page. */
export interface Overview {
  tiers: TierState[];
  tenants: TenantInfo[];
  latestFailures: RunInfo[];
  ledger: { position: number; mac: string; sealedAt: Date | null };
}
