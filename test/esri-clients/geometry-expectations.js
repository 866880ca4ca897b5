import { expect } from 'vitest';

/** What each function of `functions` has to answer. */
export const expectations = {
  areasAndLengths: { count: 105, area: expect.closeTo(213_100, -3), perimeter: expect.any(Number) },
  autoComplete: ({ areas, like }) => {
    expect(areas).toHaveLength(1);
    expect(areas[0]).toBeCloseTo(like, 9);
  },
  buffer: { count: 6, mercator: true },
  convexHull: { type: 'polygon', corners: true, inside: true },
  cut: ({ cut, pieces }) => {
    expect(cut).toBeGreaterThan(10);
    expect(pieces).toBeGreaterThanOrEqual(2 * cut);
  },
  densify: 13,
  difference: { rings: expect.any(Number) },
  distance: expect.closeTo(287.6, 0),
  fromGeoCoordinateString: [[expect.closeTo(-97.31, 1), expect.closeTo(38.53, 1)]],
  generalize: ({ before, after }) => expect(after).toBeLessThan(before),
  intersect: { count: 105, some: true },
  labelPoints: true,
  lengths: [expect.closeTo(287.6, 0)],
  offset: [
    [
      [2000, 0],
      [2000, 5000],
    ],
  ],
  project: { x: 552319, y: 4261464, spatialReference: { wkid: 26914 } },
  relation: 105,
  reshape: [
    [
      [0, 0],
      [5, 0],
      [5, 5],
      [9, 5],
      [9, 0],
      [20, 0],
    ],
  ],
  simplify: 2,
  toGeoCoordinateString: [expect.stringMatching(/^14S P[GH] \d{5} \d{5}$/)],
  trimExtend: [
    [
      [0, 0],
      [10, 0],
    ],
    [
      [0, 5],
      [10, 5],
    ],
  ],
  union: { type: 'polygon', rings: expect.any(Number) },
};

export function expectAnswer(name, answer) {
  const expected = expectations[name];
  if (typeof expected === 'function') expected(answer);
  else expect(answer).toEqual(expected);
}
