import { Logger } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { TIER_NAMES, type TierName } from '../../registry/index.js';
import { AppError } from '../../shared/app-error.js';
import type { Principal } from '../../shared/principal.js';
import { DrainedTiers } from '../scheduling/drained-tiers.js';

/** Takes a tier out of service with a reason, or puts it back. Throws AppError `not-found`. */
export class SwitchTier extends Command<void> {
  constructor(
    readonly principal: Principal,
    readonly tier: string,
    /** Absent: it is put back. */
    readonly drainedBecause?: string,
  ) {
    super();
  }
}

@CommandHandler(SwitchTier)
export class SwitchTierHandler implements ICommandHandler<SwitchTier> {
  private readonly log = new Logger(SwitchTier.name);

  constructor(private readonly drained: DrainedTiers) {}

  async execute({ principal, tier, drainedBecause }: SwitchTier): Promise<void> {
    const name = TIER_NAMES.find((one) => one === tier);
    if (!name)
      throw new AppError('not-found', 'tier-not-found', `There is no such tier: ${TIER_NAMES.join(', ')}.`);
    if (drainedBecause === undefined) await this.drained.resume(name);
    else await this.drained.drain(name, drainedBecause, principal.user);
    this.tell(name, principal, drainedBecause);
  }

  private tell(tier: TierName, { user }: Principal, reason: string | undefined): void {
    this.log.warn(
      { tier, user, reason },
      reason === undefined ? `Tier ${tier} was put back` : `Tier ${tier} was drained: ${reason}`,
    );
  }
}
