export { readGeoservicesRequest } from './envelopes/geoservices.js';
export { readOgcExecuteRequest } from './envelopes/ogc-processes.js';
export { writeGeoservicesInput, writeGeoservicesOutput } from './works/geoservices-values.js';
export { geometryServerWork } from './works/geometry-server/geometry-server.js';
export { arrayEntries } from './works/array-entries.js';
