import {
  BadRequestException,
  ConflictException,
  NotFoundException,
  PayloadTooLargeException,
  ServiceUnavailableException,
} from '@nestjs/common';
import { expect, it } from 'vitest';
import { AppError } from '../shared/app-error.js';
import { retryAfter, toAppError } from './to-app-error.js';

it('what is an AppError stays what it is', () => {
  const error = new AppError('gone', 'x', 'y');
  expect(toAppError(error)).toBe(error);
});

it('says nothing of what an unexpected error says, and keeps it for the log', () => {
  const error = new Error('select * from secrets where path = /srv/x');
  for (const thrown of [error, new ServiceUnavailableException(error.message), 'select', undefined]) {
    const told = toAppError(thrown);
    expect(told).toMatchObject({ kind: 'internal', code: 'internal', cause: thrown });
    expect(told.message).not.toMatch(/select|srv/);
  }
});

it.each([
  [new NotFoundException('Cannot GET /x'), 'not-found'],
  [new PayloadTooLargeException('/srv/x'), 'too-large'],
  [new BadRequestException('/srv/x'), 'invalid-input'],
  [new ConflictException('/srv/x'), 'invalid-input'],
])('%s of the framework is %s', (thrown, kind) => {
  const told = toAppError(thrown);
  expect(told).toMatchObject({ kind, code: kind, cause: thrown });
  expect(told.message).not.toMatch(/Cannot|srv/);
});

it('says when to try again, in whole seconds, where that makes sense', () => {
  expect(retryAfter(new AppError('rejected', 'x', 'x', { retryAfterSeconds: 8.2 }))).toBe(9);
  expect(retryAfter(new AppError('rejected', 'x', 'x', { retryAfterSeconds: 0 }))).toBe(1);
  expect(retryAfter(new AppError('unavailable', 'x', 'x'))).toBeGreaterThan(0);
  expect(retryAfter(new AppError('invalid-input', 'x', 'x'))).toBeUndefined();
});
