export { readGeoservicesRequest } from './envelopes/geoservices.js';
export { readOgcExecuteRequest } from './envelopes/ogc-processes.js';
export { writeGeoservicesInput, writeGeoservicesOutput } from './works/geoservices-values.js';
