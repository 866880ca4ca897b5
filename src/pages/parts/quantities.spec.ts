import { expect, it } from 'vitest';
import { readableBytes, readableCount, readableDuration } from './quantities.js';

it('tells sizes', () => {
  expect([0, 999, 1_536, 250_000, 104_857_600].map(readableBytes)).toEqual([
    '0 B',
    '999 B',
    '1.5 kB',
    '250 kB',
    '105 MB',
  ]);
});

it('tells how long', () => {
  expect([0.4, 999, 1_500, 61_500, 7_260_000].map(readableDuration)).toEqual([
    '0 ms',
    '999 ms',
    '1.5 s',
    '1 min 2 s',
    '2 h 1 min',
  ]);
});

it('tells how many', () => {
  expect(readableCount(12_345)).toBe('12,345');
});
