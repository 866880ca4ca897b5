export { EnvelopeAnswers, isGeoservicesPath } from './errors/envelope-answers.js';
export { GeoservicesModule } from './geoservices.module.js';
export { withGeoservices } from './openapi/with-geoservices.js';
