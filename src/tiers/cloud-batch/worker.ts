export { stageInput } from './worker/stage-input.js';
export { STAGE_WORK } from './thread-protocol.js';
