export { CONFIG, ConfigModule } from './config.module.js';
export { ConfigFaults, loadConfig } from './load.js';
export { layer as layerSchema, LAYER_NAME, type LayerSettings } from './layer-settings.js';
export { type Limits, limitsSchema, type ResourceClassName, resourceClassName } from './limit-settings.js';
export { configSchema, type HonuaConfig } from './schema.js';
export { duration } from './value-types.js';
