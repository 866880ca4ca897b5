import { z } from 'zod';
import { duration, resourceClassName } from '../../config/index.js';
import { TIER_NAMES } from '../../registry/index.js';

/** The process id that stands for every process of a tenant. */
export const EVERY_PROCESS = '*';

const tier = z.enum(TIER_NAMES);

/** What an operator decided for a tenant's runs of a process. What is absent is as the process and the configuration say. */
export const policyOverrideSchema = z.strictObject({
  allowed: z.boolean().optional().describe('false: the tenant may not run it'),
  mode: z
    .enum(['auto', 'sync', 'async'])
    .optional()
    .describe('how a request runs that does not say how; auto: as if there were no policy'),
  asyncOnly: z.boolean().optional().describe('true: whatever a request says, it runs asynchronously'),
  requiresApproval: z.boolean().optional().describe('true: each run waits until an operator approves it'),
  tierOrder: z.array(tier).min(1).optional().describe('the tiers that may run it, in this order'),
  forcedTier: tier
    .optional()
    .describe('the one tier that may run it; where it cannot, the request is refused'),
  resourceClass: resourceClassName.optional(),
  maxEstimatedCostUnits: z.number().nonnegative().optional().describe('what one run may be estimated at'),
  artifactRetention: duration.optional().describe('how long stored results are kept'),
  logRetention: duration
    .optional()
    .describe('how long the logs of its runs are kept, where a tier keeps any'),
});

export type PolicyOverride = z.infer<typeof policyOverrideSchema>;

/** The overrides of a tenant for one process as one. */
export interface Policy extends PolicyOverride {
  /** Names the rules it came from, such as `*:3 buffer:1`; absent where there are none. */
  version?: string;
}

export interface StoredRule<Value> {
  value: Value;
  version: number;
  updatedAt: Date;
  updatedBy: string;
}

/** What is said of the process stands before what is said of all, member by member. */
export function resolvePolicy(
  processId: string,
  rules: ReadonlyMap<string, StoredRule<PolicyOverride>> | undefined,
): Policy {
  const applied = [EVERY_PROCESS, processId].flatMap((id) => {
    const rule = rules?.get(id);
    return rule ? [{ id, ...rule }] : [];
  });
  if (applied.length === 0) return {};
  return {
    ...Object.assign({}, ...applied.map(({ value }) => value)),
    version: applied.map(({ id, version }) => `${id}:${version}`).join(' '),
  } as Policy;
}
