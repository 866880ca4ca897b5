export { CONFIG, ConfigModule } from './config.module.js';
export { ConfigFaults, loadConfig } from './load.js';
export { configSchema, type HonuaConfig, type ResourceClassName } from './schema.js';
export type { LayerSettings } from './layer-settings.js';
