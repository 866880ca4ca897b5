export { CloudBatchModule } from './cloud-batch.module.js';
