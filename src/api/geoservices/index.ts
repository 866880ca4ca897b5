export { EnvelopeFilter, isGeoservicesPath } from './errors/envelope.filter.js';
export { GeoservicesModule } from './geoservices.module.js';
export { withGeoservices } from './openapi/with-geoservices.js';
