import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { expect } from 'vitest';

const text = { type: 'string' };
const time = { type: 'string', format: 'date-time' };
const ref = (name: string): object => ({ $ref: name });
const listOf = (name: string): object => ({ type: 'array', items: ref(name) });

const described = {
  title: text,
  description: text,
  keywords: { type: 'array', items: text },
  additionalParameters: {
    type: 'object',
    properties: {
      title: text,
      parameters: {
        type: 'array',
        items: {
          type: 'object',
          required: ['name', 'value'],
          properties: {
            name: text,
            value: { type: 'array', items: { type: ['string', 'number', 'array', 'object'] } },
          },
        },
      },
    },
  },
};

const number = { type: 'number' };
const natural = { type: 'integer', minimum: 0 };
const flag = { type: 'boolean' };

/** What the standard's schema files require, written as JSON Schema. Members without a value may not be null. */
const SCHEMAS = {
  link: {
    type: 'object',
    required: ['href', 'rel', 'type'],
    properties: {
      href: { type: 'string', format: 'uri' },
      rel: text,
      type: text,
      hreflang: text,
      title: text,
    },
  },
  landingPage: {
    type: 'object',
    required: ['links'],
    properties: { title: text, description: text, links: listOf('link') },
  },
  confClasses: {
    type: 'object',
    required: ['conformsTo'],
    properties: { conformsTo: { type: 'array', minItems: 1, items: { type: 'string', format: 'uri' } } },
  },
  exception: {
    type: 'object',
    required: ['type'],
    properties: { type: text, title: text, status: { type: 'integer' }, detail: text, instance: text },
  },
  processSummary: {
    type: 'object',
    required: ['id', 'version'],
    properties: {
      ...described,
      id: text,
      version: text,
      jobControlOptions: { type: 'array', items: { enum: ['sync-execute', 'async-execute', 'dismiss'] } },
      outputTransmission: { type: 'array', items: { enum: ['value', 'reference'] } },
      links: listOf('link'),
    },
  },
  processList: {
    type: 'object',
    required: ['processes', 'links'],
    properties: { processes: listOf('processSummary'), links: listOf('link') },
  },
  inputDescription: {
    type: 'object',
    required: ['schema'],
    properties: {
      ...described,
      minOccurs: { type: 'integer' },
      maxOccurs: { oneOf: [{ type: 'integer' }, { const: 'unbounded' }] },
      schema: ref('schema'),
    },
  },
  outputDescription: {
    type: 'object',
    required: ['schema'],
    properties: { ...described, schema: ref('schema') },
  },
  process: {
    allOf: [
      ref('processSummary'),
      {
        type: 'object',
        required: ['inputs', 'outputs'],
        properties: {
          inputs: { type: 'object', additionalProperties: ref('inputDescription') },
          outputs: { type: 'object', additionalProperties: ref('outputDescription') },
        },
      },
    ],
  },
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      title: text,
      description: text,
      multipleOf: number,
      maximum: number,
      exclusiveMaximum: flag,
      minimum: number,
      exclusiveMinimum: flag,
      maxLength: natural,
      minLength: natural,
      pattern: text,
      maxItems: natural,
      minItems: natural,
      uniqueItems: flag,
      maxProperties: natural,
      minProperties: natural,
      required: { type: 'array', items: text, minItems: 1, uniqueItems: true },
      enum: { type: 'array', minItems: 1 },
      type: { enum: ['array', 'boolean', 'integer', 'number', 'object', 'string'] },
      not: ref('schema'),
      allOf: listOf('schema'),
      oneOf: listOf('schema'),
      anyOf: listOf('schema'),
      items: ref('schema'),
      properties: { type: 'object', additionalProperties: ref('schema') },
      additionalProperties: { oneOf: [ref('schema'), flag] },
      format: text,
      default: {},
      nullable: flag,
      readOnly: flag,
      writeOnly: flag,
      example: {},
      deprecated: flag,
      contentMediaType: text,
      contentEncoding: text,
      contentSchema: text,
    },
  },
  statusInfo: {
    type: 'object',
    required: ['jobID', 'status', 'type', 'processID'],
    properties: {
      processID: text,
      type: { const: 'process' },
      jobID: text,
      status: { enum: ['accepted', 'running', 'successful', 'failed', 'dismissed'] },
      message: text,
      created: time,
      started: time,
      finished: time,
      updated: time,
      progress: { type: 'integer', minimum: 0, maximum: 100 },
      links: listOf('link'),
    },
  },
  jobList: {
    type: 'object',
    required: ['jobs', 'links'],
    properties: { jobs: listOf('statusInfo'), links: listOf('link') },
  },
  results: {
    type: 'object',
    additionalProperties: {
      anyOf: [
        { type: ['string', 'number', 'boolean', 'array'] },
        {
          type: 'object',
          required: ['value'],
          properties: { value: {}, mediaType: text, encoding: text, schema: {} },
        },
        {
          type: 'object',
          required: ['href'],
          not: { required: ['value'] },
          properties: { href: text, type: text },
        },
      ],
    },
  },
} as const;

type SchemaName = keyof typeof SCHEMAS;

const ajv = new Ajv({ allErrors: true, strict: false });
formats.default(ajv);
for (const [name, schema] of Object.entries(SCHEMAS)) ajv.addSchema(schema, name);

/** Fails with every fault of the document. */
export function expectValid(name: SchemaName, document: unknown): void {
  const validate = ajv.getSchema(name) as ValidateFunction;
  expect(validate(document) ? [] : validate.errors).toEqual([]);
}
