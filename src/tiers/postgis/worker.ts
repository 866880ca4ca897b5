export { postgisInput } from './worker/read-input.js';
export { postgisOutput } from './worker/write-output.js';
export { READ_WORK, WRITE_WORK } from './thread-protocol.js';
