export { DataSourcesModule } from './data-sources.module.js';
export type { LayerProvider } from './layer.js';
export { Layers } from './layers.js';
