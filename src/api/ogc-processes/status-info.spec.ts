import { describe, expect, it } from 'vitest';
import { type RunStatus, statusInfo } from './status-info.js';

const at = new Date('2026-11-22T10:00:00Z');
const BASE = 'https://gp.example.org/x';
const ID = '01990000-0000-7000-8000-000000000001';

const run = (changes: Partial<RunStatus>): RunStatus => ({
  id: ID,
  processId: 'buffer',
  state: 'queued',
  cancelRequestedAt: null,
  dismissedAt: null,
  submittedAt: at,
  startedAt: null,
  completedAt: null,
  updatedAt: at,
  progress: 0,
  message: null,
  tier: null,
  failure: null,
  ...changes,
});

const running = { state: 'running', startedAt: at, tier: 'in-process' } as const;
const rels = (changes: Partial<RunStatus>): string[] =>
  statusInfo(run(changes), BASE).links.map(({ rel }) => rel.replace(/.*\//, ''));

describe('statusInfo', () => {
  it('leaves out what has no value', () => {
    const { links, ...info } = statusInfo(run({}), BASE);
    expect(info).toEqual({
      jobID: ID,
      id: ID,
      processID: 'buffer',
      type: 'process',
      processingEntityType: 'ogc-api-processes',
      status: 'accepted',
      message: 'Process execution scheduled',
      created: '2026-11-22T10:00:00.000Z',
      updated: '2026-11-22T10:00:00.000Z',
      progress: 0,
    });
    expect(links.every(({ href, type }) => href.startsWith(BASE) && type)).toBe(true);
  });

  it.each<[string, Partial<RunStatus>]>([
    ['accepted', {}],
    ['running', running],
    ['dismissed', { ...running, cancelRequestedAt: at }],
    ['successful', { state: 'succeeded' }],
    ['failed', { state: 'failed' }],
    ['dismissed', { state: 'cancelled', cancelRequestedAt: at }],
    ['dismissed', { state: 'succeeded', dismissedAt: at }],
  ])('is %s for %o', (status, changes) => {
    expect(statusInfo(run(changes), BASE).status).toBe(status);
  });

  it('tells the tier, and the message of the moment', () => {
    expect(statusInfo(run({ ...running, message: 'Halfway', progress: 50 }), BASE)).toMatchObject({
      executedTier: 'in-process',
      message: 'Halfway',
      progress: 50,
      started: '2026-11-22T10:00:00.000Z',
    });
    const failure = { reason: 'timeout', message: 'Job exceeded timeout limit' } as const;
    expect(statusInfo(run({ state: 'failed', message: 'Halfway', failure }), BASE).message).toBe(
      failure.message,
    );
    expect(statusInfo(run({ state: 'succeeded', message: 'Halfway' }), BASE).message).not.toBe('Halfway');
  });

  it('links results only once they are there', () => {
    expect(rels({})).toEqual([
      'self',
      'alternate',
      'monitor',
      'cancel',
      'alternate',
      'prov#has_provenance',
      'up',
    ]);
    expect(rels(running)).not.toContain('results');
    expect(rels({ state: 'succeeded' })).toEqual([
      'self',
      'alternate',
      'monitor',
      'results',
      'cancel',
      'prov#has_provenance',
      'up',
    ]);
    expect(rels({ state: 'failed' })).toEqual([
      'self',
      'alternate',
      'monitor',
      'exceptions',
      'cancel',
      'prov#has_provenance',
      'up',
    ]);
    expect(rels({ state: 'cancelled' })).toEqual([
      'self',
      'alternate',
      'monitor',
      'prov#has_provenance',
      'up',
    ]);
  });
});
