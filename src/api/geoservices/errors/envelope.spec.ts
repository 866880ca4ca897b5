import { expect, it } from 'vitest';
import { AppError } from '../../../shared/app-error.js';
import { toEnvelope } from './envelope.js';

const codeOf = (error: AppError): number => toEnvelope(error).error.code;

it('clients know by the code whether a token is missing or no good', () => {
  expect(codeOf(new AppError('unauthenticated', 'no-token', 'x'))).toBe(499);
  expect(codeOf(new AppError('unauthenticated', 'token-invalid', 'x'))).toBe(498);
});

it('a defect is told with the id that names it in the log', () => {
  const { error } = toEnvelope(new AppError('internal', 'internal', 'x'), 'r-1');
  expect(error.code).toBe(500);
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
