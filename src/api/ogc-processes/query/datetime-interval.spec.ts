import { expect, it } from 'vitest';
import { parseInterval } from './datetime-interval.js';

const at = new Date('2026-11-22T10:00:00Z');
const later = new Date('2026-11-23T10:00:00.250Z');

it.each([
  ['2026-11-22T10:00:00Z', { from: at, to: at }],
  ['2026-11-22t11:00:00+01:00', { from: at, to: at }],
  ['2026-11-22T10:00:00Z/2026-11-23T10:00:00.250Z', { from: at, to: later }],
  ['../2026-11-23T10:00:00.250Z', { to: later }],
  ['/2026-11-23T10:00:00.250Z', { to: later }],
  ['2026-11-22T10:00:00Z/..', { from: at }],
  ['2026-11-22T10:00:00Z/', { from: at }],
  ['2026-11-23T10:00:00.250Z/2026-11-22T10:00:00Z', undefined],
  ['../..', undefined],
  ['/', undefined],
  ['', undefined],
  ['2026-11-22', undefined],
  ['2026-11-22T10:00:00', undefined],
  ['2026-13-22T10:00:00Z', undefined],
  ['2026-11-22T10:00:00Z/2026-11-23T10:00:00Z/..', undefined],
  ["'; drop table process_runs; --", undefined],
])('%s', (text, expected) => {
  expect(parseInterval(text)).toEqual(expected);
});

it('takes a leap second', () => {
  expect(parseInterval('2016-12-31T23:59:60Z')?.from).toEqual(new Date('2016-12-31T23:59:59Z'));
});
