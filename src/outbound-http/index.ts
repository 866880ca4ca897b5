export { OutboundError, type OutboundFailure } from './outbound-error.js';
export { OutboundHttp } from './outbound-http.js';
export { OutboundHttpModule } from './outbound-http.module.js';
