export { CloudBatchModule } from './cloud-batch.module.js';
export { CompletionConsumerModule } from './completion-consumer/index.js';
