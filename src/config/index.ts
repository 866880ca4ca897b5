export { CONFIG, ConfigModule } from './config.module.js';
export { ConfigFaults, loadConfig } from './load.js';
export { configSchema, type HonuaConfig, type LayerSettings, type ResourceClassName } from './schema.js';
