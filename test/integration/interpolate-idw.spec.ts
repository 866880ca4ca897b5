/** Interpolation by inverse distances: known figures of real data, a formula in other words, and the two tiers alike. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Feature, FeatureCollection, Point, Polygon } from 'geojson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BothTiers, expectAlike } from '../support/both-tiers.js';
import { planarArea } from '../support/planar-area.js';
import { cities } from '../support/real-data.js';
import { shippedProcess } from '../support/tier-harness.js';

const idw = shippedProcess('interpolate-idw.yaml');
// The coordinates are taken as they are: only the plane matters here.
const name = 'EPSG:32631';
const crs = { type: 'name', properties: { name } };

let tiers: BothTiers;
beforeAll(async () => {
  tiers = await BothTiers.start();
});
afterAll(() => tiers.close());

const pointAt = (coordinates: number[], properties: object): Feature<Point> => ({
  type: 'Feature',
  properties: { ...properties },
  geometry: { type: 'Point', coordinates },
});
const collection = (features: Feature[]): FeatureCollection & { crs: object } => ({
  type: 'FeatureCollection',
  crs,
  features,
});

/** See test/fixtures/meuse/ORIGIN.md. */
const zinc = collection(
  readFileSync(join(import.meta.dirname, '../fixtures/meuse/zinc.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number))
    .map(([x, y, value]) => pointAt([x!, y!], { zinc: value })),
);
/** The box around the cells of 40 m on which interpolations of this data are shown. */
const extent = { bbox: [178_440, 329_600, 181_560, 333_760], crs: name };

const valuesOf = ({ features }: FeatureCollection): (number | null)[] =>
  features.map(({ properties }) => properties!.interpolated_value);

describe('zinc by the Meuse', () => {
  it('has the known least, middle and greatest value on its grid, on both tiers', async () => {
    const inputs = { features: zinc, valueField: 'zinc', extent, gridResolution: 104, cellsAs: 'points' };
    const [ours, theirs] = await tiers.results(idw, inputs);
    expectAlike(ours, theirs);
    expect(ours.features).toHaveLength(78 * 104);
    const at = (x: number, y: number): number =>
      ours.features.find(({ geometry: { coordinates } }: any) => coordinates[0] === x && coordinates[1] === y)
        .properties.interpolated_value;
    // IDW with a power of 2 on meuse.grid of the R package sp, 3,103 of these cells: the summary of all.
    expect(at(180_460, 331_460)).toBeCloseTo(128.43, 2);
    expect(at(180_500, 332_300)).toBeCloseTo(371.41, 2);
    expect(at(179_980, 332_260)).toBeCloseTo(1805.78, 2);
    const values = valuesOf(ours) as number[];
    expect(Math.min(...values)).toBeCloseTo(128.43, 2);
    expect(Math.max(...values)).toBeCloseTo(1805.78, 2);
  });

  it.each([
    { power: 1 },
    { power: 3.5, neighbours: 12 },
    { neighbours: 1 },
    { searchRadius: 300 },
    { searchRadius: 250, neighbours: 4, power: 100 },
    { searchRadius: { value: 0.3, unit: 'kilometers' } },
  ])('is as the formula says with %j, on both tiers', async (options) => {
    const inputs = { features: zinc, valueField: 'zinc', extent, gridResolution: 40, ...options };
    const [ours, theirs] = await tiers.results(idw, inputs);
    expectAlike(ours, theirs);
    const { power = 2, neighbours = 155, searchRadius } = options as Record<string, any>;
    const radius = searchRadius?.value ? 300 : (searchRadius ?? Infinity);
    let empty = 0;
    for (const { geometry, properties } of ours.features as Feature<Polygon>[]) {
      const [[west, south], , [east, north]] = geometry.coordinates[0] as number[][] as any;
      const [x, y] = [(west + east) / 2, (south + north) / 2];
      const near = zinc.features
        .map((one) => {
          const [px, py] = (one.geometry as Point).coordinates;
          return { apart: Math.hypot(px! - x, py! - y), value: one.properties!.zinc as number };
        })
        .filter(({ apart }) => apart <= radius)
        .sort((a, b) => a.apart - b.apart)
        .slice(0, neighbours);
      if (near.length === 0) {
        empty += 1;
        expect(properties!.interpolated_value).toBeNull();
        continue;
      }
      const weights = near.map(({ apart }) => (near[0]!.apart / apart) ** power);
      const wanted =
        near.reduce((sum, { value }, at) => sum + value * weights[at]!, 0) /
        weights.reduce((sum, weight) => sum + weight);
      expect(Math.abs(properties!.interpolated_value - wanted)).toBeLessThan(1e-9 * wanted);
    }
    if (searchRadius) expect(empty).toBeGreaterThan(10);
  });
});

it('ranks neighbours that are as far away by their order, on both tiers', async () => {
  const lattice = Array.from({ length: 400 }, (_, n) =>
    pointAt([(n % 20) / 10, Math.floor(n / 20) / 10], { value: (n * 7919) % 101 }),
  );
  const features = collection(lattice);
  const box = { bbox: [-0.3, -0.3, 2.2, 2.2], crs: name };
  for (const neighbours of [1, 2, 3, 6]) {
    const inputs = { features, valueField: 'value', extent: box, gridResolution: 50, neighbours };
    const [ours, theirs] = await tiers.results(idw, inputs);
    expectAlike(ours, theirs);
  }
});

it('gives points their values, points in one place their mean, and leaves out what has none', async () => {
  const features = collection([
    pointAt([1, 1], { value: 5 }),
    pointAt([3, 1], { value: 10 }),
    pointAt([3, 1], { value: 30 }),
    pointAt([1, 1], { value: null }),
    pointAt([1, 1], { value: 'dry' }),
    { type: 'Feature', properties: { value: 1e6 }, geometry: null } as unknown as Feature,
  ]);
  const inputs = { features, valueField: 'value', extent: { bbox: [0, 0, 4, 2], crs: name }, cellSize: 2 };
  const [ours, theirs] = await tiers.results(idw, inputs);
  expectAlike(ours, theirs);
  expect(valuesOf(ours)).toEqual([5, 20]);
  expect(ours.features.map(({ geometry }: Feature<Polygon>) => planarArea(geometry))).toEqual([4, 4]);
  for (const outcome of await tiers.outcomes(idw, inputs))
    expect(outcome).toMatchObject({
      messages: [{ level: 'warning', text: 'Values of value that are no numbers were left out.' }],
    });
});

it('measures through the globe on longitude and latitude, which is left to tier 1', async () => {
  const features = {
    type: 'FeatureCollection',
    features: [
      pointAt([179.5, 60], { value: 0 }),
      pointAt([-178.5, 60], { value: 8 }),
      pointAt([0, 0], { value: 99 }),
    ],
  };
  // East of the antimeridian: as far from the one as from the other, and the third is too far to count much.
  const inputs = {
    features,
    valueField: 'value',
    extent: { bbox: [-179.51, 59.99, -179.49, 60.01] },
    cellSize: 0.02,
  };
  expect(await tiers.refusal(idw, inputs)).toContain('on the ground');
  const [value] = valuesOf(await tiers.resultOfTier1(idw, { ...inputs, power: 8 }));
  expect(value).toBeCloseTo(4, 3);
});

it('interpolates thousands of places in their own extent', async () => {
  const data = cities(3_000);
  const inputs = { features: { ...data, crs }, valueField: 'population', gridResolution: 60, neighbours: 8 };
  const [ours, theirs] = await tiers.results(idw, inputs);
  expectAlike(ours, theirs);
  const columns = new Set(ours.features.map(({ properties }: Feature) => properties!.i));
  expect(columns.size).toBe(60);
});

it('refuses what cannot be interpolated, on both tiers', async () => {
  const two = collection([pointAt([0, 0], { value: 1 }), pointAt([10, 4], { value: 2 })]);
  const one = collection([pointAt([5, 5], { value: 1 })]);
  for (const [inputs, text] of [
    [{ features: two, valueField: 'depth' }, '/inputs/valueField: no feature has the attribute depth'],
    [
      { features: collection([pointAt([0, 0], { value: null })]), valueField: 'value' },
      'no point has a number',
    ],
    [{ features: collection([]), valueField: 'value' }, 'no point has a number'],
    [{ features: one, valueField: 'value' }, '/inputs/extent: has no size'],
    [
      { features: two, valueField: 'value', gridResolution: 2_000 },
      '/inputs/gridResolution: the grid would have',
    ],
    [{ features: two, valueField: 'value', cellSize: 1e-9 }, '/inputs/cellSize: the grid would have'],
  ] as const)
    for (const outcome of await tiers.outcomes(idw, inputs, { maxOutputFeatures: 20_000 }))
      expect(outcome).toMatchObject({
        kind: 'failed',
        failure: { reason: 'invalid-input', message: expect.stringContaining(text) },
      });
  const several = collection([
    { type: 'Feature', properties: { value: 3 }, geometry: { type: 'MultiPoint', coordinates: [[0, 0], [2, 0]] } }, // prettier-ignore
  ]);
  const inputs = { features: several, valueField: 'value', cellSize: 1 };
  expect(await tiers.refusal(idw, inputs)).toContain('several points');
  expect(valuesOf(await tiers.resultOfTier1(idw, inputs))).toEqual([3, 3]);
});

it('takes finite numbers only', () =>
  tiers.expectFiniteNumbers('interpolate_idw', {
    valueField: 'value',
    cellSize: 1,
    gridResolution: 3,
    power: 2,
    neighbours: 3,
    searchRadius: 5,
    extent: [0, 0, 3, 3],
    $maxOutputFeatures: 100,
  }));
