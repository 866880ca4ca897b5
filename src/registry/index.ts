export { Catalog } from './catalog.js';
export { AREA_UNITS } from './area-units.js';
export { LENGTH_UNITS } from './length-units.js';
export { type CatalogEntry, type CatalogFault, loadDefinition } from './load-catalog.js';
export {
  processDefinitionSchema,
  type ColumnDefinition,
  type InputDefinition,
  type OutputDefinition,
  type ProcessDefinition,
  TIER_NAMES,
  type TierName,
} from './process-definition.js';
export { RegistryModule } from './registry.module.js';
