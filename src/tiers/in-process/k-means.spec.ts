import { assert, integer, property } from 'fast-check';
import { expect, it } from 'vitest';
import { kMeans } from './k-means.js';
import type { Vector } from './proximity/metric.js';

/** Numbers from 0 to 1 that look like chance, and are the same every time. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

it('finds blobs that lie apart, whatever their number and sizes', () => {
  assert(
    property(integer({ min: 1, max: 12 }), integer({ min: 1, max: 1e6 }), (count, seed) => {
      const next = chance(seed);
      const wanted: number[] = [];
      const places: Vector[] = [];
      for (let blob = 0; blob < count; blob++)
        for (let one = 0; one <= next() * 40; one++) {
          wanted.push(blob);
          places.push([100 * (blob % 4) + next(), 100 * Math.floor(blob / 4) + next(), 0]);
        }
      expect(kMeans(places, count)).toEqual(wanted);
    }),
  );
});

it('leaves every place with the mean that is nearest, and numbers clusters as they appear', () => {
  const next = chance(7);
  const places = Array.from({ length: 500 }, (): Vector => [next(), next(), next()]);
  const members = kMeans(places, 9);
  const means = Array.from({ length: 9 }, (_, number) => {
    const own = places.filter((_one, at) => members[at] === number);
    return [0, 1, 2].map((axis) => own.reduce((sum, one) => sum + one[axis]!, 0) / own.length);
  });
  const squared = (place: Vector, mean: number[]): number =>
    place.reduce((sum, value, axis) => sum + (value - mean[axis]!) ** 2, 0);
  for (const [at, place] of places.entries()) {
    const distances = means.map((mean) => squared(place, mean));
    expect(distances[members[at]!]).toBeCloseTo(Math.min(...distances), 12);
  }
  expect([...new Set(members)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

it('has no more clusters than there are different places', () => {
  const [a, b]: Vector[] = [[1, 1, 0], [5, 5, 0]]; // prettier-ignore
  expect(kMeans([a!, b!, a!, a!], 3)).toEqual([0, 1, 0, 0]);
  expect(kMeans([a!], 5)).toEqual([0]);
  expect(kMeans([], 5)).toEqual([]);
});
