export {
  INPUT_TYPES,
  processDefinitionSchema,
  TIER_NAMES,
  type InputDefinition,
  type OutputDefinition,
  type ProcessDefinition,
  type TierName,
} from './process-definition.js';
export { Catalog, type CatalogEntry } from './catalog.js';
