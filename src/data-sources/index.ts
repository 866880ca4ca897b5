export { DataSourcesModule } from './data-sources.module.js';
export { Layers } from './layers.js';
