import { expect, it } from 'vitest';
import { readOptions } from '../lib/deployment-options.ts';

const read = (given: Record<string, unknown>) => readOptions((key) => given[key]);

it('has defaults for everything', () => {
  expect(read({})).toMatchObject({ zones: 2, gpu: true, timeoutSeconds: 1800, retryAttempts: 3 });
});

it('takes text, as a command line gives it', () => {
  expect(read({ zones: '1', gpu: 'false', logRetentionDays: '30' })).toMatchObject({
    zones: 1,
    gpu: false,
    logRetentionDays: 30,
  });
});

it('names every fault at once', () => {
  const faulty = { zones: '0', spot: 'maybe', timeoutSeconds: 30, retryAttempts: 11, logRetentionDays: 8 };
  expect(() => read({ ...faulty, webhookUrl: 'http://gp.example.org', alarmEmail: 'nobody' })).toThrow(
    /logRetentionDays.*zones.*spot.*timeoutSeconds.*60.*retryAttempts.*10.*webhookUrl.*alarmEmail/,
  );
});
