import { Injectable } from '@nestjs/common';
import { AppError } from '../shared/app-error.js';
import type { TierName } from '../registry/index.js';
import type { ExecutionTier } from './execution-tier.js';

/** The tiers this process has; each tier's module enters itself at start, so nobody else names them. */
@Injectable()
export class ExecutionTiers {
  private readonly tiers = new Map<TierName, ExecutionTier>();

  register(tier: ExecutionTier): void {
    if (this.tiers.has(tier.name)) throw new Error(`Tier ${tier.name} is registered twice`);
    this.tiers.set(tier.name, tier);
  }

  find(name: TierName): ExecutionTier | undefined {
    return this.tiers.get(name);
  }

  get(name: TierName): ExecutionTier {
    const tier = this.tiers.get(name);
    if (!tier)
      throw new AppError('unavailable', 'tier-unavailable', `Execution tier ${name} is not available.`);
    return tier;
  }

  all(): ExecutionTier[] {
    return [...this.tiers.values()];
  }
}
