export { compileCappedGeos } from './geos/capped-module.js';
