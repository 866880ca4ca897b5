import { expect, it } from 'vitest';
import { jobStatus } from './job-info.js';

/** For any other word clients ask for ever, or settle nothing. */
const asked = new Date();
const failed = (reason: string): never => ({ reason, message: 'x', retryable: false }) as never;

it.each([
  ['queued', null, null, 'esriJobSubmitted'],
  ['running', null, null, 'esriJobExecuting'],
  ['running', asked, null, 'esriJobCancelling'],
  ['succeeded', null, null, 'esriJobSucceeded'],
  ['failed', null, failed('timeout'), 'esriJobTimedOut'],
  ['failed', null, failed('tier-lost'), 'esriJobFailed'],
  ['failed', null, null, 'esriJobFailed'],
  ['cancelled', asked, null, 'esriJobCancelled'],
] as const)('%s (cancel asked %s) is told as %4$s', (state, cancelRequestedAt, failure, status) => {
  expect(jobStatus({ state, cancelRequestedAt, failure })).toBe(status);
});
