import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';

const EXCEPTION = { $ref: '#/components/schemas/exception' };

const PROBLEMS: Record<number, string> = {
  400: 'The request is not valid; `faults` says where',
  401: 'Who is calling is not known',
  402: 'The budget is spent; `detail` says which, and Retry-After when the next begins',
  403: 'Not allowed',
  404: 'There is no such thing, or it is not ready',
  406: 'Not served in a form that Accept takes',
  409: 'It is not in a state for this',
  410: 'It was dismissed',
  412: 'It was changed in the meantime: read it again',
  413: 'The body or the work is too large',
  415: 'Not a media type, charset or encoding that is taken',
  422: 'Understood, but not possible: also an Idempotency-Key that came with another request',
  428: 'There is one already: name its version in If-Match',
  429: 'Not admitted now; Retry-After says when to try again',
  500: 'Internal error',
  503: 'Not available now; Retry-After says when to try again',
  504: 'The work took longer than it may',
};

/** The problem answers of an operation; an internal error is always among them. */
export const ApiProblem = (...statuses: number[]): MethodDecorator & ClassDecorator =>
  applyDecorators(
    ...[...statuses, 500].map((status) =>
      ApiResponse({
        status,
        description: PROBLEMS[status]!,
        content: {
          'application/json': { schema: EXCEPTION },
          'application/problem+json': { schema: EXCEPTION },
          'text/html': { schema: { type: 'string' } },
        },
      }),
    ),
  );
