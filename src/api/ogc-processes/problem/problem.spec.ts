import { describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/app-error.js';
import { problemMediaType } from './problem-media-type.js';
import { toProblem } from './problem.js';

const OGC = 'http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0';

describe('a problem', () => {
  it.each([
    ['not-found', 'process-not-found', 404, `${OGC}/no-such-process`],
    ['not-found', 'run-not-found', 404, `${OGC}/no-such-job`],
    ['not-ready', 'anything', 404, `${OGC}/result-not-ready`],
    ['gone', 'run-dismissed', 410, `${OGC}/no-such-job`],
    ['invalid-input', 'invalid-query', 400, `${OGC}/invalid-query-parameter-value`],
    ['invalid-input', 'invalid-input', 400, 'urn:honua:problem:invalid-input'],
    ['mismatch', 'key-mismatch', 422, 'urn:honua:problem:key-mismatch'],
    ['unsupported', 'no-tier', 422, 'urn:honua:problem:no-tier'],
  ] as const)('of %s (%s) is %s %s', (kind, code, status, type) => {
    expect(toProblem(new AppError(kind, code, 'Text'))).toMatchObject({ status, type, detail: 'Text', code });
  });

  it('names the faults and the request', () => {
    const faults = [{ path: '/inputs/x', message: 'must be a number' }];
    const problem = toProblem(new AppError('invalid-input', 'invalid-input', 'x', { faults }), 'request-1');
    expect(problem).toMatchObject({ faults, requestId: 'request-1' });
    expect(toProblem(new AppError('internal', 'internal', 'x'))).not.toHaveProperty('faults');
  });

  it.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['application/json', 'application/json'],
    ['text/html', 'application/json'],
    ['application/json, application/problem+json;q=0.9', 'application/problem+json'],
    ['Application/Problem+JSON', 'application/problem+json'],
  ])('for Accept: %s is %s', (accept, type) => {
    expect(problemMediaType(accept)).toBe(type);
  });
});
