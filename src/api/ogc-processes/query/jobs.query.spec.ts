import { describe, expect, it } from 'vitest';
import { cursorOf, JobsQuery, runFilter } from './jobs.query.js';
import { validatedQuery } from './validated-query.js';

const pipe = validatedQuery(JobsQuery);
const parse = async (text: string) => {
  const query: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const before = query[name];
    query[name] = before === undefined ? value : [before, value].flat();
  }
  return runFilter((await pipe.transform(query, { type: 'query' })) as JobsQuery);
};
const id = '01990000-0000-7000-8000-000000000001';
const at = new Date('2026-11-22T10:00:00Z');

describe('the job list takes', () => {
  it.each([
    ['', { limit: 10 }],
    ['limit=25', { limit: 25 }],
    ['limit=1000000', { limit: 10_000 }],
    ['type=process', { limit: 10 }],
    ['processID=buffer,union&processID=echo', { limit: 10, processIds: ['buffer', 'union', 'echo'] }],
    ['status=accepted', { limit: 10, states: ['queued'] }],
    ['status=running, successful', { limit: 10, states: ['running', 'succeeded'] }],
    ['status=dismissed&status=failed', { limit: 10, states: ['cancelled', 'cancelling', 'failed'] }],
    ['datetime=2026-11-22T10:00:00Z/..', { limit: 10, submittedFrom: at }],
    ['datetime=2026-11-22T10:00:00Z', { limit: 10, submittedFrom: at, submittedTo: at }],
    ['minDuration=0&status=accepted', { limit: 10, minDurationSeconds: 0, states: ['queued'] }],
    [
      'minDuration=2&maxDuration=9',
      {
        limit: 10,
        minDurationSeconds: 2,
        maxDurationSeconds: 9,
        states: ['running', 'succeeded', 'failed', 'cancelled', 'cancelling'],
      },
    ],
    [`cursor=${cursorOf(id)}`, { limit: 10, after: id }],
    ['unknown=1', { limit: 10 }],
    ['__proto__=1&constructor=2', { limit: 10 }],
  ])('%s', async (text, expected) => {
    expect(await parse(text)).toEqual(expected);
  });
});

describe('the job list refuses', () => {
  it.each([
    'limit=0',
    'limit=-1',
    'limit=ten',
    'limit=1.5',
    'limit=1e3',
    'limit=',
    'limit=1&limit=2',
    'type=workflow',
    'status=done',
    'status=',
    'processID=',
    "processID=a'b",
    'datetime=yesterday',
    'datetime=2026-11-22T10:00:00Z&datetime=2026-11-23T10:00:00Z',
    'minDuration=-1',
    'minDuration=1,2',
    'maxDuration=long',
    'cursor=x',
    'f=xml',
  ])('%s', async (text) => {
    await expect(parse(text)).rejects.toMatchObject({ kind: 'invalid-input', code: 'invalid-query' });
  });
});
