import { AREA_UNIT, type ValueSchema } from '../../describe/value-schema.js';

/** How a person fills an input in. `json` takes whatever no other kind does. */
export type FieldKind =
  | 'features'
  | 'length'
  | 'area'
  | 'bbox'
  | 'choice'
  | 'boolean'
  | 'integer'
  | 'number'
  | 'duration'
  | 'text'
  | 'json';

/** The kind of field for one value of this schema; `several` when an input takes more than one. */
export function fieldKind(schema: ValueSchema, several: boolean): FieldKind {
  if (several) return 'json';
  const { type, format, oneOf } = schema;
  if (format?.startsWith('geojson-') || oneOf?.some((branch) => branch.format?.startsWith('geojson-')))
    return 'features';
  if (format === 'ogc-bbox') return 'bbox';
  if (oneOf) return quantityKind(oneOf) ?? 'json';
  if (schema.contentEncoding) return 'json'; // a file: a link to it, or its bytes with their type
  if (schema.enum) return 'choice';
  if (type === 'boolean' || type === 'integer' || type === 'number') return type;
  return type === 'string' ? 'text' : 'json';
}

/** A number, or a number with its unit; or a duration. */
function quantityKind(branches: ValueSchema[]): 'length' | 'area' | 'duration' | undefined {
  if (branches.some(({ format }) => format === 'duration')) return 'duration';
  const unit = branches.find(({ properties }) => properties?.value !== undefined)?.properties?.unit;
  if (branches.length !== 2 || !unit || !branches.some(({ type }) => type === 'number')) return undefined;
  return unit.format === AREA_UNIT ? 'area' : 'length';
}
