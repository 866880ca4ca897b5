export { Catalog } from './catalog.js';
export { type CatalogEntry, type CatalogFault, loadDefinition } from './load-catalog.js';
export {
  INPUT_TYPES,
  processDefinitionSchema,
  TIER_NAMES,
  type InputDefinition,
  type OutputDefinition,
  type ProcessDefinition,
  type TierName,
} from './process-definition.js';
export { RegistryModule } from './registry.module.js';
