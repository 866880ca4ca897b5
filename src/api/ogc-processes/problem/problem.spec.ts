import { NotFoundException, ServiceUnavailableException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/app-error.js';
import { problemMediaType } from './problem-media-type.js';
import { retryAfter, toAppError, toProblem } from './problem.js';

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

  it('says nothing of what an unexpected error says', () => {
    const error = new Error('select * from secrets where path = /srv/x');
    for (const thrown of [error, new ServiceUnavailableException(error.message), 'select', undefined]) {
      const text = JSON.stringify(toProblem(toAppError(thrown)));
      expect(text).not.toMatch(/select|srv/);
      expect(text).toContain('"status":500');
    }
    expect(toAppError(error).cause).toBe(error);
  });

  it('of an unknown route is a 404', () => {
    expect(toProblem(toAppError(new NotFoundException('Cannot GET /x')))).toMatchObject({
      status: 404,
      code: 'not-found',
    });
  });

  it('says when to try again', () => {
    expect(retryAfter(new AppError('rejected', 'x', 'x', { retryAfterSeconds: 9 }))).toBe(9);
    expect(retryAfter(new AppError('unavailable', 'x', 'x'))).toBeGreaterThan(0);
    expect(retryAfter(new AppError('invalid-input', 'x', 'x'))).toBeUndefined();
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
