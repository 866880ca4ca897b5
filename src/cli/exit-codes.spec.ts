import { expect, it } from 'vitest';
import { EXIT, exitCodeOf, exitCodeOfStatuses } from './exit-codes.js';

it.each([
  [400, 'invalid-input', EXIT.usage],
  [404, 'process-not-found', EXIT.usage],
  [404, undefined, EXIT.usage],
  [413, 'too-large', EXIT.usage],
  [401, 'unauthenticated', EXIT.refused],
  [402, 'budget-spent', EXIT.refused],
  [403, 'forbidden', EXIT.refused],
  [429, 'too-many', EXIT.refused],
  [500, 'internal', EXIT.failed],
  [502, undefined, EXIT.unreachable],
  [503, 'unavailable', EXIT.unreachable],
  // A run that failed is no fault of the command, whatever status tells it.
  [400, 'run-failed-invalid-input', EXIT.failed],
  [403, 'run-failed-approval-rejected', EXIT.failed],
  [504, 'run-failed-timeout', EXIT.failed],
  [410, 'run-cancelled', EXIT.cancelled],
  [410, 'run-dismissed', EXIT.cancelled],
  [410, 'results-expired', EXIT.usage],
])('an answer of %i %s ends with %i', (status, code, exit) => {
  expect(exitCodeOf(status, code)).toBe(exit);
});

it.each([
  [[], EXIT.ok],
  [['successful', 'successful'], EXIT.ok],
  [['successful', 'dismissed'], EXIT.cancelled],
  [['dismissed', 'failed'], EXIT.failed],
])('jobs that ended %j end with %i', (statuses, exit) => {
  expect(exitCodeOfStatuses(statuses)).toBe(exit);
});
