export { DataSourcesModule } from './data-sources.module.js';
export { Connections } from './connections.js';
export { DeclaredLayers, type DeclaredLayer, type LayerHistoryEntry } from './declared-layers.js';
export { placeWithin } from './layer-folders.js';
export { Layers } from './layers.js';
export type { Layer, LayerFacts, LayerReading } from './layer.js';
