export { answer, prepareThread } from './worker/compute-thread.js';
export type { ThreadTask } from './task-protocol.js';
export { ground } from './ground.js';
