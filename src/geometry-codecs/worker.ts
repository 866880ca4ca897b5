export { type Crs, findCrs } from './crs/crs.js';
export { supportedCrs } from './crs/definitions.js';
export type { Bounds, FeatureRecord, FeatureSet } from './geometry.js';
export { readFeatures } from './geojson/read-features.js';
export { type BufferStyle, Geos, type RepairMethod } from './geos/geos.js';
export { GeosError, GeosOutOfMemory } from './geos/geos-error.js';
export type { Pointer } from './geos/heap.js';
export { GrowingBuffer } from './text/growing-buffer.js';
export { writeFeatureCollection } from './text/write-feature-collection.js';
