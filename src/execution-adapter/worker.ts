export { readOgcExecuteRequest } from './envelopes/ogc-processes.js';
