import { NotFoundException, PayloadTooLargeException } from '@nestjs/common';
import { expect, it } from 'vitest';
import { AppError } from '../../../shared/app-error.js';
import { toAppError, toEnvelope } from './envelope.js';

const codeOf = (error: unknown): number => toEnvelope(toAppError(error)).error.code;

it('clients know by the code whether a token is missing or no good', () => {
  expect(codeOf(new AppError('unauthenticated', 'no-token', 'x'))).toBe(499);
  expect(codeOf(new AppError('unauthenticated', 'token-invalid', 'x'))).toBe(498);
});

it("the framework's own errors are told in the same form", () => {
  expect(codeOf(new NotFoundException())).toBe(404);
  expect(codeOf(new PayloadTooLargeException())).toBe(413);
});

it('a defect keeps its text to itself', () => {
  const { error } = toEnvelope(toAppError(new Error('secret place')), 'r-1');
  expect(error.code).toBe(500);
  expect(JSON.stringify(error)).not.toContain('secret');
  expect(error.details.join()).toContain('r-1');
});

it('faults are told by the names that clients use', () => {
  const faults = [
    { path: '/Distance', message: 'must be a number' },
    { path: '/inputs/features', message: 'is empty' },
  ];
  expect(toEnvelope(new AppError('invalid-input', 'x', 'y', { faults })).error.details).toEqual([
    'Distance must be a number',
    'features is empty',
  ]);
});
