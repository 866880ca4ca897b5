import type { InputDefinition, ProcessDefinition } from './process-definition.js';

/** How features are given out, asked for with any process that has a tier within this server. */
const OUTPUT_OPTIONS: Record<string, InputDefinition> = {
  outputCrs: {
    title: 'Coordinate system of the result',
    description:
      'Brings the resulting features into this system, named as EPSG:3857, as a URN or as a URL; else they stay in that of the input. Supported are the systems of the process reproject.',
    type: 'crs',
    aliases: [],
    minOccurs: 0,
    maxOccurs: 1,
    invalidGeometry: 'repair',
  },
  coordinatePrecision: {
    title: 'Decimals of coordinates',
    description:
      'Rounds the coordinates of the resulting features to so many decimals. Repeated positions go; polygons that rounding would make invalid are redrawn on the grid so that they stay valid, and what collapses to nothing becomes null: the result says so.',
    type: 'integer',
    aliases: [],
    minOccurs: 0,
    maxOccurs: 1,
    minimum: 0,
    maximum: 15,
    invalidGeometry: 'repair',
  },
};

/**
 * A definition with the options every process of features has, unless it has inputs of those names itself. Not where
 * it runs on cloud-batch alone, whose workers write their results themselves.
 */
export function withOutputOptions(definition: ProcessDefinition): ProcessDefinition {
  const givesFeatures = Object.values(definition.outputs).some(({ type }) => type === 'features');
  const within = Object.keys(definition.handlers).some((tier) => tier !== 'cloud-batch');
  if (!givesFeatures || !within) return definition;
  const taken = new Set(
    Object.entries(definition.inputs).flatMap(([name, { aliases }]) => [name, ...aliases]),
  );
  const free = Object.entries(OUTPUT_OPTIONS).filter(([name]) => !taken.has(name));
  return { ...definition, inputs: { ...definition.inputs, ...Object.fromEntries(free) } };
}
