import type { HonuaConfig } from '../../config/index.js';
import type { Attempt } from '../../execution/index.js';
import type { EffectiveLimits } from '../policy/tenant-limits.js';
import type { ProcessRun } from '../run/process-run.entity.js';

/** What an attempt may use: its class's time and memory, and never more time than the run has left. */
export function attemptLimits(
  config: HonuaConfig,
  limits: EffectiveLimits,
  run: ProcessRun,
): Attempt['limits'] {
  // The class says more than the configuration; what is said of the tenant holds for every class.
  const ofTenant =
    limits.maxExecutionTime === config.limits.maxExecutionTime ? Infinity : limits.maxExecutionTime;
  const { maxExecutionTime, maxMemory } = config.resourceClasses[run.resourceClass];
  return {
    maxFeatures: limits.maxInputFeatures,
    maxVertices: limits.maxInputVertices,
    maxOutputFeatures: limits.maxOutputFeatures,
    maxOutputBytes: limits.maxArtifactSizeBytes,
    timeoutMs: Math.max(1, Math.min(maxExecutionTime, ofTenant, run.deadlineAt.getTime() - Date.now())),
    memoryBytes: maxMemory,
  };
}
