export * from './commands.js';
export type { Envelope, EnvelopeReaders, ReceivedBody } from './envelope.js';
export * from './execution-tier.js';
export { ExecutionTiers } from './execution-tiers.js';
export { ExecutionModule } from './execution.module.js';
export * from './thread-work.js';
export { ReferencesWanted } from './references.js';
export * from './types.js';
