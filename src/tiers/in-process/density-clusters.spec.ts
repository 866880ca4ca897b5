import { assert, infiniteStream, integer, nat, pre, property, uniqueArray } from 'fast-check';
import { expect, it } from 'vitest';
import { clustersOf, type Near } from './density-clusters.js';

const onLine = (places: number[], reach: number): Near[][] =>
  places.map((here) =>
    places.flatMap((there, index) => {
      const distance = Math.abs(here - there);
      return distance <= reach ? [{ index, distance }] : [];
    }),
  );

it('numbers clusters by their first cores; what is near none is noise', () => {
  expect(clustersOf(onLine([50, 0, 1, 2, 51, 52, 90], 1), 3)).toEqual([1, 0, 0, 0, 1, 1, null]);
  expect(clustersOf([null, [{ index: 1, distance: 0 }]], 1)).toEqual([null, 0]);
});

it('what lies between two clusters is in that of its nearest core', () => {
  const places = [0, 1, 2, 3.4, 5, 6, 7];
  expect(clustersOf(onLine(places, 1.6), 4)[3]).toBe(clustersOf(onLine(places, 1.6), 4)[2]);
  expect(clustersOf(onLine([0, 0.5, 1, 2, 3, 3.5, 4], 1), 3)).toEqual([0, 0, 0, 0, 0, 0, 0]);
});

it('is the same whatever the order of the input, and a core is never noise', () => {
  assert(
    property(
      uniqueArray(integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 30 }),
      integer({ min: 1, max: 5 }),
      infiniteStream(nat()),
      (places, enough, chance) => {
        const shuffled = places
          .map((place) => ({ place, by: chance.next().value! }))
          .sort((a, b) => a.by - b.by)
          .map(({ place }) => place);
        const groups = (list: number[]): string[] => {
          const clusters = clustersOf(onLine(list, 2), enough);
          const sets = new Map<number | null, number[]>();
          for (const [n, one] of clusters.entries()) sets.set(one, [...(sets.get(one) ?? []), list[n]!]);
          return [...sets].map(([one, of]) => `${one === null} ${of.sort((a, b) => a - b).join()}`).sort();
        };
        // Of two cores equally near, the first in the input takes it: leave such inputs out.
        const tie =
          places.some((at) => places.includes(at - 1) && places.includes(at + 1)) ||
          places.some((at) => places.includes(at - 2) && places.includes(at + 2));
        pre(!tie);
        expect(groups(shuffled)).toEqual(groups(places));
      },
    ),
  );
});
