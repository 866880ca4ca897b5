import type { InputDefinition, OutputDefinition } from '../../../registry/index.js';

/** The standard's schema.yaml: JSON Schema as OpenAPI 3.0 has it, and nothing more. */
export interface ValueSchema {
  type?: 'array' | 'boolean' | 'integer' | 'number' | 'object' | 'string';
  title?: string;
  description?: string;
  format?: string;
  contentMediaType?: string;
  contentEncoding?: string;
  enum?: (string | number)[];
  default?: string | number | boolean;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: boolean;
  maxLength?: number;
  required?: string[];
  properties?: Record<string, ValueSchema>;
  nullable?: boolean;
  items?: ValueSchema;
  minItems?: number;
  maxItems?: number;
  oneOf?: ValueSchema[];
}

const GEOMETRY_TYPES: Record<'point' | 'line' | 'polygon', string[]> = {
  point: ['Point', 'MultiPoint'],
  line: ['LineString', 'MultiLineString'],
  polygon: ['Polygon', 'MultiPolygon'],
};

const ofType = (...types: string[]): ValueSchema => ({ type: 'string', enum: types });

const featureCollection: ValueSchema = {
  type: 'object',
  format: 'geojson-feature-collection',
  contentMediaType: 'application/geo+json',
  required: ['type', 'features'],
  properties: { type: ofType('FeatureCollection'), features: { type: 'array', items: { type: 'object' } } },
};

const feature: ValueSchema = {
  type: 'object',
  format: 'geojson-feature',
  contentMediaType: 'application/geo+json',
  required: ['type'],
  properties: {
    type: ofType('Feature'),
    geometry: { type: 'object', nullable: true },
    properties: { type: 'object', nullable: true },
  },
};

function geometry(kinds: InputDefinition['geometryTypes']): ValueSchema {
  const types = (kinds ?? (['point', 'line', 'polygon'] as const)).flatMap((kind) => GEOMETRY_TYPES[kind]);
  return {
    type: 'object',
    format: 'geojson-geometry',
    contentMediaType: 'application/geo+json',
    required: ['type'],
    // Of the other members, which count depends on the type; the rest may be anything (RFC 7946 §6.1).
    properties: { type: ofType(...types, 'GeometryCollection') },
  };
}

const wkt: ValueSchema = {
  type: 'string',
  format: 'wkt',
  contentMediaType: 'text/plain',
  description: 'Well-known text',
};

/** A file by its bytes; most are named by reference instead. */
const file = (mediaTypes: string[] | undefined): ValueSchema => {
  const [type = 'application/octet-stream', ...others] = mediaTypes ?? [];
  const ofType = (contentMediaType: string): ValueSchema => ({
    type: 'string',
    format: 'byte',
    contentMediaType,
    contentEncoding: 'base64',
  });
  return others.length === 0 ? ofType(type) : { oneOf: [type, ...others].map(ofType) };
};

/** ISO 8601, such as PT15M. */
const duration: ValueSchema = { type: 'string', format: 'duration' };

/** Rows; without columns they have any. */
const table = (columns: InputDefinition['columns']): ValueSchema => ({
  type: 'array',
  items: {
    type: 'object',
    ...(columns && {
      required: Object.keys(columns),
      properties: Object.fromEntries(
        Object.entries(columns).map(([name, { type, title, enum: choices }]) => [
          name,
          { type, ...(title && { title }), ...(choices && { enum: choices }) },
        ]),
      ),
    }),
  },
});

/** bbox.yaml, under the short code by which clients know it. */
const boundingBox: ValueSchema = {
  type: 'object',
  format: 'ogc-bbox',
  required: ['bbox'],
  properties: {
    bbox: { type: 'array', minItems: 4, maxItems: 6, items: { type: 'number' } },
    crs: { type: 'string', format: 'uri', default: 'http://www.opengis.net/def/crs/OGC/1.3/CRS84' },
  },
};

/** Tells a unit of area from one of length. */
export const AREA_UNIT = 'area-unit';

/** A number in the input's own unit, or a number with its unit. */
function quantity(number: ValueSchema, unit: string | undefined, of?: 'area'): ValueSchema {
  return {
    oneOf: [
      { ...number, ...(unit && { description: `In ${unit}` }) },
      {
        type: 'object',
        required: ['value'],
        properties: {
          value: number,
          unit: { type: 'string', ...(of && { format: AREA_UNIT }), ...(unit && { default: unit }) },
        },
      },
    ],
  };
}

function range({ minimum, maximum, exclusiveMinimum }: InputDefinition): ValueSchema {
  return {
    ...(exclusiveMinimum === undefined
      ? minimum !== undefined && { minimum }
      : { minimum: exclusiveMinimum, exclusiveMinimum: true }),
    ...(maximum !== undefined && { maximum }),
  };
}

const preset = (input: InputDefinition): ValueSchema => ({
  ...(input.enum && { enum: input.enum }),
  ...(input.default !== undefined && { default: input.default }),
});

const INPUT_SCHEMAS: Record<InputDefinition['type'], (input: InputDefinition) => ValueSchema> = {
  features: ({ geometryTypes }) => ({ oneOf: [featureCollection, feature, geometry(geometryTypes), wkt] }),
  length: (input) => ({ ...quantity({ type: 'number', ...range(input) }, input.unit), ...preset(input) }),
  area: (input) => ({
    ...quantity({ type: 'number', ...range(input) }, input.unit, 'area'),
    ...preset(input),
  }),
  number: (input) => ({ type: 'number', ...range(input), ...preset(input) }),
  integer: (input) => ({ type: 'integer', ...range(input), ...preset(input) }),
  crs: (input) => ({
    type: 'string',
    description: 'A coordinate system, such as EPSG:4326 or its OGC URI',
    ...preset(input),
  }),
  bbox: () => boundingBox,
  date: (input) => ({ type: 'string', format: 'date-time', ...preset(input) }),
  duration: (input) => ({
    oneOf: [{ type: 'number', description: 'In seconds', ...range(input) }, duration],
    ...preset(input),
  }),
  table: ({ columns }) => table(columns),
  file: ({ mediaTypes }) => file(mediaTypes),
  string: (input) => ({
    type: 'string',
    ...(input.maxLength && { maxLength: input.maxLength }),
    ...preset(input),
  }),
  boolean: (input) => ({ type: 'boolean', ...preset(input) }),
};

/** The schema of one value of an input; for mixed types the first branch is the default. */
export const inputSchema = (input: InputDefinition): ValueSchema => INPUT_SCHEMAS[input.type](input);

const OUTPUT_SCHEMAS: Partial<Record<OutputDefinition['type'], ValueSchema>> = {
  features: featureCollection,
  date: { type: 'string', format: 'date-time' },
  duration,
  table: table(undefined),
};

export const outputSchema = ({ type, mediaType }: OutputDefinition): ValueSchema =>
  type === 'file'
    ? file(mediaType === undefined ? undefined : [mediaType])
    : (OUTPUT_SCHEMAS[type] ?? { type: type as ValueSchema['type'] });
