import { Global, Module } from '@nestjs/common';
import { CancelAttemptHandler, StartAttemptHandler } from './attempt.handlers.js';
import { ExecutionTiers } from './execution-tiers.js';
import { HealthParts } from './health-parts.js';

@Global()
@Module({
  providers: [ExecutionTiers, HealthParts, StartAttemptHandler, CancelAttemptHandler],
  exports: [ExecutionTiers, HealthParts],
})
export class ExecutionModule {}
