export { answer, prepareThread } from './worker/compute-thread.js';
export { requestReader } from './worker/request-reader.js';
export { OutputStyle } from './output/output-style.js';
export type { ThreadTask } from './task-protocol.js';
export { ground } from './ground.js';
