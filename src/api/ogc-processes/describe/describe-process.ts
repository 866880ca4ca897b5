import type { InputDefinition, OutputDefinition, ProcessDefinition } from '../../../registry/index.js';
import { jsonLink, type Link, REL, selfLinks } from '../link.js';
import { inputSchema, outputSchema, type ValueSchema } from './value-schema.js';

/** Values are texts: a number would match both branches of the standard's schema, which allows one only. */
interface AdditionalParameters {
  title: string;
  parameters: { name: string; value: string[] }[];
}

/** processSummary.yaml */
export interface ProcessSummary {
  id: string;
  version: string;
  title: string;
  description: string;
  keywords: string[];
  jobControlOptions: ('sync-execute' | 'async-execute' | 'dismiss')[];
  outputTransmission: ('value' | 'reference')[];
  additionalParameters: AdditionalParameters;
  links: Link[];
}

export interface InputDescription {
  title: string;
  description?: string;
  minOccurs: number;
  maxOccurs: number | 'unbounded';
  schema: ValueSchema;
  additionalParameters?: AdditionalParameters;
}

export interface OutputDescription {
  title: string;
  description?: string;
  schema: ValueSchema;
}

/** process.yaml */
export interface ProcessDescription extends ProcessSummary {
  inputs: Record<string, InputDescription>;
  outputs: Record<string, OutputDescription>;
}

export interface Described {
  definition: ProcessDefinition;
  /** The name it was asked by: its id, or the id of a pinned version. */
  id: string;
  /** Its resource class never answers at once. */
  alwaysAsync: boolean;
}

/** `base` is the public root of this service. */
export function processSummary({ definition, id, alwaysAsync }: Described, base: string): ProcessSummary {
  const { version, title, description, keywords } = definition;
  return {
    id,
    version,
    title,
    description,
    keywords,
    jobControlOptions: canRunSync(definition, alwaysAsync)
      ? ['sync-execute', 'async-execute', 'dismiss']
      : ['async-execute', 'dismiss'],
    outputTransmission: ['value', 'reference'],
    additionalParameters: hints(definition),
    links: [
      ...selfLinks(`${base}/processes/${id}`, 'This process'),
      jsonLink(`${base}/processes/${id}/execution`, REL.execute, 'Execute it (POST)'),
    ],
  };
}

export function processDescription(described: Described, base: string): ProcessDescription {
  const { inputs, outputs } = described.definition;
  return {
    ...processSummary(described, base),
    inputs: mapValues(inputs, describeInput),
    outputs: mapValues(outputs, describeOutput),
  };
}

const mapValues = <From, To>(from: Record<string, From>, to: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(from).map(([key, value]) => [key, to(value)]));

/** Only the batch tier cannot answer while the caller waits. */
const canRunSync = ({ preferredTiers }: ProcessDefinition, alwaysAsync: boolean): boolean =>
  !alwaysAsync && preferredTiers.some((tier) => tier !== 'cloud-batch');

function hints({ preferredTiers, resourceClass, hints }: ProcessDefinition): AdditionalParameters {
  return {
    title: 'How it runs',
    parameters: [
      { name: 'preferredTiers', value: preferredTiers },
      { name: 'resourceClass', value: [resourceClass] },
      { name: 'targetP95', value: [hints.targetP95] },
      { name: 'estimatedCostUnits', value: [String(hints.estimatedCostUnits)] },
    ],
  };
}

function describeInput(input: InputDefinition): InputDescription {
  const { title, description, minOccurs, maxOccurs, aliases } = input;
  return {
    title,
    ...(description && { description }),
    minOccurs: input.default === undefined ? minOccurs : 0,
    maxOccurs,
    schema: inputSchema(input),
    ...(aliases.length > 0 && {
      additionalParameters: { title: 'Other names', parameters: [{ name: 'aliases', value: aliases }] },
    }),
  };
}

function describeOutput(output: OutputDefinition): OutputDescription {
  const { title, description } = output;
  return { title, ...(description && { description }), schema: outputSchema(output) };
}
