import { expect, it } from 'vitest';
import type { RunEvent } from '../../../control-plane/index.js';
import { statusInfo } from '../status-info.js';
import { RunMoments } from './run-moments.js';

const id = '01990000-0000-7000-8000-000000000001';
const submittedAt = new Date('2026-11-22T10:00:00Z');

function tell(...events: [RunEvent['kind'], Record<string, unknown>?][]) {
  const moments = new RunMoments({ id, processId: 'union', submittedAt });
  return events.map(([kind, data], index) => {
    const at = new Date(submittedAt.getTime() + index * 1000);
    const moment = moments.next({
      runId: id,
      tenant: 't',
      seq: index + 1,
      at,
      kind,
      attempt: 1,
      data: data ?? {},
    });
    const { status, message, progress, executedTier } = statusInfo(moment.status, 'http://x');
    return { seq: moment.seq, terminal: moment.terminal, status, message, progress, executedTier };
  });
}

it('retells a run that was lost once and then succeeded', () => {
  expect(
    tell(
      ['accepted'],
      ['started', { tier: 'in-process' }],
      ['progressed', { progress: 40, message: 'Halfway' }],
      ['requeued', { reason: 'lease-expired' }],
      ['started', { tier: 'in-process' }],
      ['succeeded', { outputs: [] }],
    ),
  ).toMatchObject([
    { seq: 1, status: 'accepted', message: 'Process execution scheduled', progress: 0, terminal: false },
    { seq: 2, status: 'running', executedTier: 'in-process', progress: 0 },
    { seq: 3, status: 'running', message: 'Halfway', progress: 40 },
    { seq: 4, status: 'accepted', progress: 0 },
    { seq: 5, status: 'running', progress: 0 },
    { seq: 6, status: 'successful', progress: 100, terminal: true },
  ]);
});

it('shows a cancel as final from when it was asked for', () => {
  expect(tell(['accepted'], ['started'], ['cancel-requested'], ['cancelled'])).toMatchObject([
    { status: 'accepted' },
    { status: 'running' },
    { status: 'dismissed', terminal: false },
    { status: 'dismissed', terminal: true },
  ]);
});

it('says why a run failed', () => {
  expect(
    tell(['accepted'], ['failed', { reason: 'timeout', message: 'Job exceeded timeout limit' }]),
  ).toMatchObject([{}, { status: 'failed', message: 'Job exceeded timeout limit', terminal: true }]);
});
