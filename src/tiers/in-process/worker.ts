export { answer, prepareThread, type EnvelopeReaders } from './worker/compute-thread.js';
export type { ComputeTask } from './task-protocol.js';
