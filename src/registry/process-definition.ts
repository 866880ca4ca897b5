import { z } from 'zod';
import { parseDuration } from '../shared/quantities.js';

export const TIER_NAMES = ['in-process', 'postgis', 'cloud-batch'] as const;
export type TierName = (typeof TIER_NAMES)[number];

/** Names older catalogs use; read, never written. */
const OLDER_TIER_NAMES: Record<string, TierName> = {
  nts: 'in-process',
  nettopologysuite: 'in-process',
  python: 'cloud-batch',
};

const identifier = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'letters, digits, - and _, starting with a letter');

const tierName = z
  .string()
  .transform((name) => OLDER_TIER_NAMES[name.toLowerCase()] ?? name)
  .pipe(z.enum(TIER_NAMES));

const durationText = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, 'a duration such as 200ms or PT5M');

/**
 * What an input can be. `length` and `area` are numbers with a unit, `duration` is seconds; `crs` a reference to a coordinate
 * system; `table` rows without geometry; `file` bytes that only the process looks into, such as a raster.
 */
export const INPUT_TYPES = [
  'features',
  'number',
  'integer',
  'string',
  'boolean',
  'length',
  'area',
  'crs',
  'bbox',
  'date',
  'duration',
  'table',
  'file',
] as const;

const column = z.strictObject({
  title: z.string().optional(),
  type: z.enum(['string', 'number']),
  enum: z.array(z.string()).min(1).optional(),
});

const inputDefinition = z.strictObject({
  title: z.string(),
  description: z.string().optional(),
  type: z.enum(INPUT_TYPES),
  aliases: z.array(identifier).default([]),
  minOccurs: z.int().min(0).default(1),
  maxOccurs: z.union([z.int().min(1), z.literal('unbounded')]).default(1),
  default: z.union([z.number(), z.string(), z.boolean()]).optional(),
  enum: z
    .array(z.union([z.string(), z.number()]))
    .min(1)
    .optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  maxLength: z.int().positive().optional(),
  unit: z.string().optional().describe('length, area: the unit meant where none is given'),
  columns: z
    .record(identifier, column)
    .optional()
    .describe('table: the columns that every row has, in this order; without them a row has any'),
  geometryTypes: z.array(z.enum(['point', 'line', 'polygon'])).optional(),
  mediaTypes: z.array(z.string()).min(1).optional().describe('file: of which it may be; without, of any'),
  invalidGeometry: z
    .enum(['repair', 'refuse', 'accept'])
    .default('repair')
    .describe('features: what happens to invalid geometry before the operation sees it'),
});

const outputDefinition = z.strictObject({
  title: z.string(),
  description: z.string().optional(),
  type: z.enum([
    'features',
    'number',
    'integer',
    'string',
    'boolean',
    'date',
    'duration',
    'table',
    'object',
    'file',
  ]),
  mediaType: z.string().optional().describe('file: of which it is'),
});

const example = z.strictObject({
  title: z.string(),
  inputs: z.record(z.string(), z.unknown()),
  expect: z
    .strictObject({
      featureCount: z.int().optional(),
      geometryType: z.string().optional(),
      properties: z.record(z.string(), z.unknown()).optional().describe('members of the first feature'),
      outputs: z.record(z.string(), z.unknown()).optional().describe('whole values of plain outputs'),
    })
    .default({}),
});

/** One file of the catalog (`processes/*.yaml`). */
export const processDefinitionSchema = z.strictObject({
  id: identifier,
  title: z.string(),
  description: z.string(),
  version: z.string().regex(/^\d+\.\d+\.\d+$/, 'a version such as 1.0.0'),
  keywords: z.array(z.string()).default([]),
  preferredTiers: z.array(tierName).min(1),
  resourceClass: z.enum(['CpuBurst', 'DbHeavy', 'PythonGpu', 'LongTail']).default('CpuBurst'),
  hints: z
    .strictObject({
      targetP95: durationText.default('1s'),
      estimatedCostUnits: z
        .number()
        .nonnegative()
        .default(1)
        .describe('what every run is estimated at, whatever it is given'),
      costPer: z
        .strictObject({
          feature: z.number().nonnegative().default(0),
          vertex: z.number().nonnegative().default(0),
          megabyte: z.number().nonnegative().default(0).describe('of the request, 1,000,000 bytes'),
          inputs: z
            .record(identifier, z.number().nonnegative())
            .default({})
            .describe('for each 1 of an input that is a number; negative values count nothing'),
        })
        .prefault({})
        .describe('cost units that are added to the estimate for what a request brings'),
      requiredCapabilities: z.array(z.string()).default([]),
      requiresPostgres: z.boolean().default(false),
    })
    .prefault({}),
  inputs: z.record(identifier, inputDefinition),
  outputs: z.record(identifier, outputDefinition),
  handlers: z.partialRecord(z.enum(TIER_NAMES), z.record(z.string(), z.unknown())),
  examples: z.array(example).min(1),
  enabled: z.boolean().default(true).describe('false: it is checked, and not offered'),
  allowMaterialization: z.boolean().default(false),
});

export type ProcessDefinition = z.infer<typeof processDefinitionSchema>;
export type InputDefinition = z.infer<typeof inputDefinition>;
export type ColumnDefinition = z.infer<typeof column>;
export type OutputDefinition = z.infer<typeof outputDefinition>;
