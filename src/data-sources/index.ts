export { DataSourcesModule } from './data-sources.module.js';
export { Layers } from './layers.js';
export type { Layer, LayerFacts, LayerReading } from './layer.js';
