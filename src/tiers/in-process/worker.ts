export { answer, prepareThread } from './worker/compute-thread.js';
export type { ComputeTask } from './task-protocol.js';
