export { CONFIG, ConfigModule } from './config.module.js';
export { ConfigFaults, loadConfig } from './load.js';
export {
  configSchema,
  duration,
  type HonuaConfig,
  type LayerSettings,
  type Limits,
  limitsSchema,
  type ResourceClassName,
  resourceClassName,
} from './schema.js';
