import { z } from 'zod';
import { byteSize, count, duration, positive } from './value-types.js';

export const resourceClassName = z.enum(['CpuBurst', 'DbHeavy', 'PythonGpu', 'LongTail']);

const share = z.number().positive().max(1).nullable();
const slots = positive.nullable();

/** What a tenant may use; each key can have another value for one tenant, in the database. null: no limit of its own. */
export const limitsSchema = z.strictObject({
  maxInputFeatures: positive,
  maxOutputFeatures: positive,
  maxInputSizeBytes: byteSize,
  maxArtifactSizeBytes: byteSize,
  maxInlineDuration: duration,
  maxExecutionTime: duration,
  maxConcurrentCalls: positive.describe('of the geometry service, at once in one server'),
  maxConcurrentJobs: count,
  maxConcurrentCpuBurst: slots.describe('running at once of this resource class'),
  maxConcurrentDbHeavy: slots.describe('running at once of this resource class'),
  maxConcurrentPythonGpu: slots.describe('running at once of this resource class'),
  maxConcurrentLongTail: slots.describe('running at once of this resource class'),
  maxConcurrentPostgis: slots.describe(
    'running at once on the tier postgis, each on a connection of its own',
  ),
  maxEstimatedCostUnits: positive.describe('cost units that one run may be estimated at'),
  maxInputVertices: positive,
  inlinePayloadBytes: byteSize.describe('inputs and results up to this size live in the database'),
  requestsPerSecond: z.number().positive().nullable().describe('execute requests, on average'),
  requestBurst: positive.describe('execute requests at once'),
  maxCpuSecondsPerDay: z
    .number()
    .positive()
    .nullable()
    .describe('processor time of the runs that ended on a UTC day'),
  maxCostUnitsPerDay: z.number().positive().nullable().describe('budget of a UTC day, in cost units'),
  maxCostUnitsPerMonth: z.number().positive().nullable().describe('budget of a UTC month, in cost units'),
  budgetWarnAt: share.describe('share of a budget from which on a warning is given'),
  budgetAsyncOnlyAt: share.describe('share of a budget from which on runs are asynchronous'),
  budgetReviewAt: share.describe('share of a budget from which on runs wait for approval'),
  highestPriority: z.int().min(-100).max(100).describe('what a request may ask for, from -100 to 100'),
  maxQueueWait: duration.nullable().describe('longest wait in the queue; a request may ask for less'),
});

export type Limits = z.infer<typeof limitsSchema>;
export type ResourceClassName = z.infer<typeof resourceClassName>;
