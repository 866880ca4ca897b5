import { expect, it } from 'vitest';
import { STATISTICS } from './statistics.js';

const of = (values: number[]): object =>
  Object.fromEntries(Object.entries(STATISTICS).map(([name, statistic]) => [name, statistic(values)]));

it('is what it is called', () => {
  expect(of([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({
    count: 8,
    distinct: 5,
    sum: 40,
    mean: 5,
    minimum: 2,
    maximum: 9,
    range: 7,
    median: 4.5,
    variance: 32 / 7,
    'standard-deviation': Math.sqrt(32 / 7),
  });
});

it('of nothing is nothing, and a single value does not vary in a way that is known', () => {
  expect(of([])).toMatchObject({ count: 0, sum: null, mean: null, median: null, variance: null });
  expect(of([3])).toMatchObject({ count: 1, mean: 3, range: 0, variance: null, 'standard-deviation': null });
});

it('keeps small values beside large ones, and takes more values than a call has arguments', () => {
  expect(STATISTICS.sum!([1e16, 1, 1, -1e16])).toBe(2);
  expect(STATISTICS.variance!([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])).toBe(30);
  const many = Array.from({ length: 500_000 }, (_, n) => n);
  expect(STATISTICS.maximum!(many)).toBe(499_999);
});
