export { CONTENT_CODINGS } from './decode-body.js';
export { openPayload } from './open-payload.js';
export { publicUrl } from './public-url.js';
export { discardBody, spoolBody } from './spool-body.js';
export { requireJsonBody } from './body-media-type.js';
