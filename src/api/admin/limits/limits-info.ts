import { type TenantLimits, tenantLimitsSchema } from '../../../control-plane/index.js';
import { bodySchema } from '../json-body.js';
import { type Stamp, withStamp } from '../rule-info.js';

/** Sizes in bytes, times in milliseconds. Without `version` the tenant has none of its own. */
export type LimitsInfo = Partial<Stamp> & { tenant: string; limits: TenantLimits; effective: object };

export const LIMITS = withStamp({
  tenant: { type: 'string' },
  limits: bodySchema(tenantLimitsSchema),
  effective: { type: 'object', description: 'What holds: these, and the configured ones behind them' },
});
