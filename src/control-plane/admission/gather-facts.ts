import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { type ExecutionTier, ExecutionTiers, type TierHealth } from '../../execution/index.js';
import type { ProcessDefinition, TierName } from '../../registry/index.js';
import { DrainedTiers } from '../scheduling/drained-tiers.js';
import type { AdmissionFacts, TierFacts } from './decide-admission.js';
import { QueueLength } from './queue-length.js';

/** How long a tier's word on its health is taken for true. */
const HEALTH_FRESH_MS = 2_000;

const ENABLED_KEY = {
  'in-process': 'tier1Enabled',
  postgis: 'tier2Enabled',
  'cloud-batch': 'tier3Enabled',
} as const satisfies Record<TierName, keyof HonuaConfig['processing']>;

/** Asks everybody before the decision is made, so that the decision itself is pure. */
@Injectable()
export class AdmissionFactsGatherer {
  private readonly health = new Map<TierName, { at: number; health: TierHealth }>();

  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly tiers: ExecutionTiers,
    private readonly queue: QueueLength,
    private readonly drained: DrainedTiers,
  ) {}

  /** All that can be known before the content has been read. */
  async gather(
    tenant: string,
    definition: ProcessDefinition,
    wanted: { asynchronous: boolean; syncSlotFree: boolean },
  ): Promise<AdmissionFacts> {
    const { limits, scheduling, processing, resourceClasses } = this.config;
    const tiers = new Map<TierName, TierFacts>();
    for (const name of definition.preferredTiers) tiers.set(name, this.ask(name, definition));
    return {
      definition,
      tiers,
      asynchronousWanted: wanted.asynchronous,
      classAlwaysAsync: resourceClasses[definition.resourceClass].alwaysAsync,
      syncSlotFree: wanted.syncSlotFree,
      queued: await this.queue.of(tenant),
      limits: {
        maxQueuedPerTenant: scheduling.maxQueuedPerTenant,
        maxDepth: processing.queue.maxDepth,
        maxEstimatedCostUnits: limits.maxEstimatedCostUnits,
        maxFeatures: limits.maxInputFeatures,
        maxVertices: limits.maxInputVertices,
      },
    };
  }

  private ask(name: TierName, definition: ProcessDefinition): TierFacts {
    const tier = this.tiers.find(name);
    const enabled = this.config.processing[ENABLED_KEY[name]];
    if (!tier) return { registered: false, enabled, supports: { ok: true }, healthy: false };
    const supports = tier.supports(definition.id, definition.handlers[name]);
    return { registered: true, enabled, supports, ...this.inService(tier) };
  }

  private inService(tier: ExecutionTier): TierHealth {
    const drained = this.drained.find(tier.name);
    return drained
      ? { healthy: false, detail: `The tier is drained: ${drained.reason}` }
      : this.healthOf(tier);
  }

  /** What the tier said last; it is asked again behind the request, which waits for nobody. */
  private healthOf(tier: ExecutionTier): TierHealth {
    const known = this.health.get(tier.name) ?? { at: -Infinity, health: { healthy: true } };
    if (performance.now() - known.at > HEALTH_FRESH_MS) {
      this.health.set(tier.name, { ...known, at: performance.now() });
      void this.askHealth(tier);
    }
    return known.health;
  }

  private async askHealth(tier: ExecutionTier): Promise<void> {
    const health = await tier
      .health()
      .catch((error: Error): TierHealth => ({ healthy: false, detail: error.message }));
    this.health.set(tier.name, { at: performance.now(), health });
  }
}
