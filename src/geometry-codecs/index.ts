export { compileCappedGeos } from './geos/capped-module.js';
export { EsriFault } from './esri-json/esri-fault.js';
export { readSpatialReference } from './esri-json/spatial-reference.js';
