import type { OpenAPIObject } from '@nestjs/swagger';
import { JOB_STATUSES } from '../status-info.js';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const time = { type: 'string', format: 'date-time' };
const list = (name: string): object => ({ type: 'array', items: { $ref: `#/components/schemas/${name}` } });
const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` });

const described = {
  title: text,
  description: text,
  keywords: { type: 'array', items: text },
  additionalParameters: { type: 'object' },
};

const requestedOutput = {
  type: 'object',
  properties: {
    transmissionMode: { type: 'string', enum: ['value', 'reference'], default: 'value' },
    format: { type: 'object', properties: { mediaType: text } },
  },
};

/** The bodies of the standard, as components of the API definition. */
export const SCHEMAS = {
  link: {
    type: 'object',
    required: ['href'],
    properties: { href: text, rel: text, type: text, hreflang: text, title: text },
  },
  exception: {
    type: 'object',
    required: ['type'],
    properties: {
      type: text,
      title: text,
      status: { type: 'integer' },
      detail: text,
      instance: text,
      code: text,
      faults: { type: 'array', items: { type: 'object', properties: { path: text, message: text } } },
      requestId: text,
    },
    additionalProperties: true,
  },
  landingPage: {
    type: 'object',
    required: ['links'],
    properties: { title: text, description: text, links: list('link') },
  },
  confClasses: {
    type: 'object',
    required: ['conformsTo'],
    properties: { conformsTo: { type: 'array', items: text } },
  },
  processSummary: {
    type: 'object',
    required: ['id', 'version'],
    properties: {
      ...described,
      id: text,
      version: text,
      jobControlOptions: {
        type: 'array',
        items: { type: 'string', enum: ['sync-execute', 'async-execute', 'dismiss'] },
      },
      outputTransmission: { type: 'array', items: { type: 'string', enum: ['value', 'reference'] } },
      links: list('link'),
    },
  },
  processList: {
    type: 'object',
    required: ['processes', 'links'],
    properties: { processes: list('processSummary'), links: list('link') },
  },
  valueDescription: {
    type: 'object',
    required: ['schema'],
    properties: {
      ...described,
      minOccurs: { type: 'integer', default: 1 },
      maxOccurs: {
        oneOf: [
          { type: 'integer', default: 1 },
          { type: 'string', enum: ['unbounded'] },
        ],
      },
      schema: { type: 'object' },
    },
  },
  process: {
    allOf: [
      ref('processSummary'),
      {
        type: 'object',
        properties: {
          inputs: { type: 'object', additionalProperties: ref('valueDescription') },
          outputs: { type: 'object', additionalProperties: ref('valueDescription') },
        },
      },
    ],
  },
  statusInfo: {
    type: 'object',
    required: ['jobID', 'processID', 'status', 'type'],
    properties: {
      processID: text,
      type: { type: 'string', enum: ['process'] },
      jobID: { type: 'string', format: 'uuid' },
      status: { type: 'string', enum: [...JOB_STATUSES] },
      message: text,
      created: time,
      started: time,
      finished: time,
      updated: time,
      progress: { type: 'integer', minimum: 0, maximum: 100 },
      id: { type: 'string', format: 'uuid' },
      processingEntityType: { type: 'string', enum: ['ogc-api-processes'] },
      exception: { $ref: '#/components/schemas/exception' },
      executedTier: { type: 'string', enum: ['in-process', 'postgis', 'cloud-batch'] },
      array: {
        type: 'object',
        description: 'Of an array of runs',
        required: ['size'],
        properties: {
          size: count,
          queued: count,
          running: count,
          succeeded: count,
          failed: count,
          cancelled: count,
        },
      },
      parentID: {
        type: 'string',
        format: 'uuid',
        description: 'Of one run of an array: the job of the whole',
      },
      index: { ...count, description: 'Its place in the array' },
      label: text,
      links: list('link'),
    },
  },
  childList: {
    type: 'object',
    required: ['children', 'numberMatched', 'links'],
    properties: { children: list('statusInfo'), numberMatched: count, links: list('link') },
  },
  arrayResults: {
    type: 'object',
    description: 'Where the results of each run of an array are',
    required: ['children', 'succeeded', 'failed', 'cancelled'],
    properties: {
      children: {
        type: 'array',
        items: {
          type: 'object',
          required: ['index', 'jobID', 'status'],
          properties: { index: count, label: text, jobID: text, status: text, href: text },
        },
      },
      succeeded: count,
      failed: count,
      cancelled: count,
    },
  },
  jobList: {
    type: 'object',
    required: ['jobs', 'links'],
    properties: { jobs: list('statusInfo'), links: list('link') },
  },
  execute: {
    type: 'object',
    properties: {
      inputs: {
        type: 'object',
        description: 'Values by input; an object as `{"value": …}`',
        additionalProperties: true,
      },
      outputs: { type: 'object', description: 'All, if left out', additionalProperties: requestedOutput },
      response: { type: 'string', enum: ['raw', 'document'], default: 'raw' },
      array: {
        type: 'array',
        description:
          'An extension: one run for each entry, with what is in `inputs` and, before that, its own',
        minItems: 2,
        maxItems: 10_000,
        items: {
          type: 'object',
          properties: { label: text, inputs: { type: 'object', additionalProperties: true } },
        },
      },
      maxFailures: {
        ...count,
        description:
          'Of an array: as soon as more have failed the rest is cancelled; up to it, the job succeeds',
      },
      execution: {
        type: 'object',
        description: 'An extension: how the run is to be scheduled',
        properties: {
          mode: { type: 'string', enum: ['sync', 'async', 'auto'] },
          priority: {
            type: 'integer',
            minimum: -100,
            maximum: 100,
            default: 0,
            description: 'Of the runs of one tenant the higher starts first; bounded by its limits',
          },
          deadline: {
            type: 'string',
            format: 'date-time',
            description: 'A run that has not ended then is ended',
          },
          maxQueueWait: {
            type: 'string',
            description: 'A run that has not started after this duration (30s, PT5M) is ended',
          },
        },
      },
    },
  },
  results: {
    type: 'object',
    description: 'Outputs by id: a plain value, an object as `{"value": …, "mediaType": …}`, or a link',
    additionalProperties: true,
  },
  admissionDecision: {
    type: 'object',
    required: ['admitted'],
    properties: {
      admitted: { type: 'boolean' },
      mode: { type: 'string', enum: ['sync', 'async'] },
      tiers: { type: 'array', items: text },
      rejectedTiers: { type: 'array', items: { type: 'object', properties: { tier: text, reason: text } } },
      resourceClass: text,
      lane: text,
      estimatedCostUnits: { type: 'number' },
      reason: text,
      approval: { type: 'object', properties: { state: text, reason: text } },
      warnings: { type: 'array', items: text },
      policyVersion: text,
      measured: { type: 'object' },
      array: { type: 'object', properties: { size: count } },
      code: text,
      retryAfterSeconds: { type: 'number' },
      quota: { type: 'object' },
    },
  },
} as const;

export type SchemaName = keyof typeof SCHEMAS;

export const schemas = (): Schemas => SCHEMAS as unknown as Schemas;
