import type { OpenAPIObject } from '@nestjs/swagger';
import type { ProcessDefinition } from '../../../registry/index.js';
import { inputSchema, type ValueSchema } from '../describe/value-schema.js';
import { JSON_TYPE } from '../link.js';

type Paths = OpenAPIObject['paths'];
type Operation = NonNullable<Paths[string]['post']>;

const EXECUTION = '/processes/{processID}/execution';

/**
 * The general document, and for each process of the catalog an execution path of its own: its inputs as a schema, its
 * examples as bodies, ready to be sent.
 */
export function withProcesses(document: OpenAPIObject, processes: ProcessDefinition[]): OpenAPIObject {
  const general = document.paths[EXECUTION]!.post!;
  const own = processes.map((definition) => [
    `/processes/${definition.id}/execution`,
    { post: executionOf(definition, general) },
  ]);
  const first = processes.find(({ id }) => id === 'buffer') ?? processes[0];
  const body = first && {
    ...general,
    requestBody: requestBody(first, { $ref: '#/components/schemas/execute' }),
  };
  return {
    ...document,
    paths: {
      ...document.paths,
      [EXECUTION]: { ...document.paths[EXECUTION], post: body ?? general },
      ...Object.fromEntries(own),
    } as Paths,
  };
}

function executionOf(definition: ProcessDefinition, general: Operation): Operation {
  const { id, title, description, inputs, outputs } = definition;
  const properties = Object.entries(inputs).map(([name, input]) => {
    const one = { ...asOpenApi(inputSchema(input)), title: input.title };
    return [name, input.maxOccurs === 1 ? one : { oneOf: [one, { type: 'array', items: one }] }];
  });
  const required = Object.entries(inputs)
    .filter(([, { minOccurs, default: preset }]) => minOccurs > 0 && preset === undefined)
    .map(([name]) => name);
  const schema = {
    type: 'object',
    ...(required.length > 0 && { required: ['inputs'] }),
    properties: {
      inputs: {
        type: 'object',
        properties: Object.fromEntries(properties),
        ...(required.length > 0 && { required }),
      },
      outputs: {
        type: 'object',
        properties: Object.fromEntries(Object.keys(outputs).map((name) => [name, OUTPUT])),
      },
      response: { type: 'string', enum: ['raw', 'document'], default: 'raw' },
    },
  };
  return {
    ...general,
    operationId: `execute-${id}`,
    summary: title,
    description,
    parameters: general.parameters?.filter((parameter) => !('in' in parameter && parameter.in === 'path')),
    requestBody: requestBody(definition, schema),
  };
}

/** The standard's schemas have words that those of OpenAPI 3.0 have not. */
function asOpenApi(schema: ValueSchema): ValueSchema {
  const { contentMediaType: _type, contentEncoding: _encoding, ...known } = schema;
  return {
    ...known,
    ...(schema.oneOf && { oneOf: schema.oneOf.map(asOpenApi) }),
    ...(schema.items && { items: asOpenApi(schema.items) }),
    ...(schema.properties && {
      properties: Object.fromEntries(
        Object.entries(schema.properties).map(([name, property]) => [name, asOpenApi(property)]),
      ),
    }),
  };
}

const OUTPUT = {
  type: 'object',
  properties: { transmissionMode: { type: 'string', enum: ['value', 'reference'], default: 'value' } },
};

const requestBody = ({ examples }: ProcessDefinition, schema: object): Operation['requestBody'] => ({
  required: true,
  content: {
    [JSON_TYPE]: {
      schema,
      examples: Object.fromEntries(
        examples.map(({ title, inputs }, index) => [
          `example-${index + 1}`,
          { summary: title, value: { inputs } },
        ]),
      ),
    },
  },
});
