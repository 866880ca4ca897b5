import { type HonuaConfig, type Limits, limitsSchema } from '../../config/index.js';
import { z } from 'zod';

/** The limits that can differ from tenant to tenant, in the form they are set and kept in: sizes in bytes, times in ms. */
export const tenantLimitsSchema = limitsSchema
  .omit({ inlinePayloadBytes: true })
  .extend({ maxQueuedPerTenant: z.int().positive().describe('runs that wait') })
  .partial();

export type TenantLimits = z.infer<typeof tenantLimitsSchema>;

/** All limits of one tenant. */
export type EffectiveLimits = Limits & { maxQueuedPerTenant: number };

export const effectiveLimits = (config: HonuaConfig, own: TenantLimits = {}): EffectiveLimits => ({
  ...config.limits,
  maxQueuedPerTenant: config.scheduling.maxQueuedPerTenant,
  ...own,
});

const IN_DATABASE = [
  'maxConcurrentJobs',
  'maxConcurrentCpuBurst',
  'maxConcurrentDbHeavy',
  'maxConcurrentPythonGpu',
  'maxConcurrentLongTail',
  'maxConcurrentPostgis',
  'maxCostUnitsPerDay',
  'maxCostUnitsPerMonth',
] as const satisfies (keyof Limits)[];

/** The configured limits that the database holds, under a lock; it puts a tenant's own before them itself. */
export type LimitsInDatabase = Partial<Pick<Limits, (typeof IN_DATABASE)[number]>>;

export const limitsInDatabase = (limits: Limits): LimitsInDatabase =>
  Object.fromEntries(IN_DATABASE.map((key) => [key, limits[key]]));
