export { AwsBatch } from './aws-batch.js';
export { AwsBatchModule } from './aws-batch.module.js';
