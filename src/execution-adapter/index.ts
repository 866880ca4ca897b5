export { CONTENT_CODINGS, decodeBody } from './decode-body.js';
export { answerEarly } from './answer-early.js';
export { BaseUrl } from './base-url.js';
export { openPayload } from './open-payload.js';
export { discardBody, spoolBody } from './spool-body.js';
export { requireJsonBody } from './body-media-type.js';
export { type Segment, sendSegments } from './segments.js';
export { hangupOf, WaitForRun } from './wait-for-run.js';
