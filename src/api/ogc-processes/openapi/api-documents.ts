import { applyDecorators } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiQuery,
  type ApiResponseNoStatusOptions,
} from '@nestjs/swagger';
import { ApiProblem } from '../../../execution-adapter/index.js';
import { JSON_TYPE } from '../link.js';
import type { SchemaName } from './schemas.js';

export const schemaRef = (name: SchemaName): { $ref: string } => ({ $ref: `#/components/schemas/${name}` });

export const ApiJobId = (): MethodDecorator =>
  ApiParam({ name: 'jobID', schema: { type: 'string', format: 'uuid' } });

const PREFER = [
  '`respond-async`: as a job',
  '`wait=10`: seconds to wait for the answer',
  '`return=minimal`: no body',
  '`dry-run`: only say what would happen',
].join('; ');

/** Results by value: one raw output in its own type, several as multipart/related, or a document. */
export const RESULTS_CONTENT = {
  [JSON_TYPE]: {
    schema: { anyOf: [schemaRef('results'), schemaRef('arrayResults'), { description: 'A raw output' }] },
  },
  'application/geo+json': { schema: { type: 'object' } },
  'text/plain': { schema: { type: 'string' } },
  'multipart/related': { schema: { type: 'string' } },
};

/** The answers of an execute request, whichever process it is for. */
const EXECUTE_ANSWERS: Record<200 | 201 | 204, ApiResponseNoStatusOptions> = {
  200: {
    description:
      'Done. The results, as asked for: one raw output, several as multipart/related, or a document',
    headers: {
      Link: { description: 'rel="monitor": the job', schema: { type: 'string' } },
      'Preference-Applied': { schema: { type: 'string' } },
    },
    content: {
      ...RESULTS_CONTENT,
      [JSON_TYPE]: {
        schema: {
          anyOf: [schemaRef('results'), schemaRef('admissionDecision'), { description: 'A raw output' }],
        },
      },
    },
  },
  201: {
    description: 'Accepted as a job, or still running when the wait was over',
    headers: {
      Location: { description: 'The job', schema: { type: 'string', format: 'uri' } },
      'Preference-Applied': { schema: { type: 'string' } },
    },
    content: { [JSON_TYPE]: { schema: schemaRef('statusInfo') } },
  },
  204: { description: 'Done. Outputs by reference are in the Link header; or no body was wanted' },
};

export const ApiExecute = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary: 'Execute a process', operationId: 'execute' }),
    ApiParam({ name: 'processID', schema: { type: 'string' }, example: 'buffer' }),
    ApiHeader({ name: 'Prefer', required: false, description: PREFER, schema: { type: 'string' } }),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: 'The same key and body make one run, however often they are sent',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    }),
    ApiQuery({
      name: 'dry-run',
      required: false,
      schema: { type: 'boolean' },
      description: 'Only say what would happen',
    }),
    ApiConsumes(JSON_TYPE),
    ApiBody({ schema: schemaRef('execute') }),
    ApiOkResponse(EXECUTE_ANSWERS[200]),
    ApiCreatedResponse(EXECUTE_ANSWERS[201]),
    ApiNoContentResponse(EXECUTE_ANSWERS[204]),
    ApiProblem(400, 403, 404, 410, 413, 415, 422, 429, 503, 504),
  );
