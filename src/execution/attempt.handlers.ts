import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CancelAttempt, StartAttempt } from './commands.js';
import { ExecutionTiers } from './execution-tiers.js';
import type { Started } from './types.js';

/** A command class has one handler on the bus, so this is where it branches to the tier's own module. */
@CommandHandler(StartAttempt)
export class StartAttemptHandler implements ICommandHandler<StartAttempt> {
  constructor(private readonly tiers: ExecutionTiers) {}

  execute({ attempt }: StartAttempt): Promise<Started> {
    return this.tiers.get(attempt.tier).start(attempt);
  }
}

@CommandHandler(CancelAttempt)
export class CancelAttemptHandler implements ICommandHandler<CancelAttempt> {
  constructor(private readonly tiers: ExecutionTiers) {}

  async execute({ tier, attempt }: CancelAttempt): Promise<void> {
    await this.tiers.find(tier)?.cancel(attempt);
  }
}
