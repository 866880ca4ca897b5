import type { ValueSchema } from '../../describe/value-schema.js';

/** How a person fills an input in. `json` takes whatever no other kind does. */
export type FieldKind =
  'features' | 'length' | 'bbox' | 'choice' | 'boolean' | 'integer' | 'number' | 'text' | 'json';

/** The kind of field for one value of this schema; `several` when an input takes more than one. */
export function fieldKind(schema: ValueSchema, several: boolean): FieldKind {
  if (several) return 'json';
  const { type, format, oneOf } = schema;
  if (format?.startsWith('geojson-') || oneOf?.some((branch) => branch.format?.startsWith('geojson-')))
    return 'features';
  if (format === 'ogc-bbox') return 'bbox';
  if (oneOf) return isLength(oneOf) ? 'length' : 'json';
  if (schema.enum) return 'choice';
  if (type === 'boolean' || type === 'integer' || type === 'number') return type;
  return type === 'string' ? 'text' : 'json';
}

/** A number, or a number with its unit. */
const isLength = (branches: ValueSchema[]): boolean =>
  branches.length === 2 &&
  branches.some(({ type }) => type === 'number') &&
  branches.some(({ properties }) => properties?.value !== undefined && properties.unit !== undefined);
