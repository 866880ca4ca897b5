import { Global, Module } from '@nestjs/common';
import { CancelAttemptHandler, StartAttemptHandler } from './attempt.handlers.js';
import { ExecutionTiers } from './execution-tiers.js';

@Global()
@Module({
  providers: [ExecutionTiers, StartAttemptHandler, CancelAttemptHandler],
  exports: [ExecutionTiers],
})
export class ExecutionModule {}
