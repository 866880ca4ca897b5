export { BatchCompletionsIndicator } from './batch-completions.indicator.js';
export { CompletionConsumerModule } from './completion-consumer.module.js';
export { CompletionIntake } from './completion-intake.js';
export { CompletionSink } from './completion-sink.js';
