/** Densities by a kernel: what one point is spread over adds up to its weight, and both tiers measure the same. */
import type { Feature, FeatureCollection, Point, Polygon } from 'geojson';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BothTiers, expectAlike } from '../support/both-tiers.js';
import { planarArea } from '../support/planar-area.js';
import { cities } from '../support/real-data.js';
import { shippedProcess } from '../support/tier-harness.js';

const heatmap = shippedProcess('heatmap.yaml');
const name = 'EPSG:32632';
const crs = { type: 'name', properties: { name } };

let tiers: BothTiers;
beforeAll(async () => {
  tiers = await BothTiers.start();
});
afterAll(() => tiers.close());

const pointAt = (coordinates: number[], properties: object = {}): Feature<Point> => ({
  type: 'Feature',
  properties: { ...properties },
  geometry: { type: 'Point', coordinates },
});
const collection = (features: Feature[]): FeatureCollection & { crs: object } => ({
  type: 'FeatureCollection',
  crs,
  features,
});

const middleOf = ({ geometry }: Feature<Polygon>): [number, number] => {
  const ring = geometry.coordinates[0]!;
  return [(ring[0]![0]! + ring[3]![0]!) / 2, ring[0]![1]!];
};
const massOf = ({ features }: FeatureCollection): number =>
  features.reduce((sum, { geometry, properties }) => sum + properties!.density * planarArea(geometry), 0);

it.each([
  [undefined, 0.02],
  [10, 0.001],
  [4, 0.0001],
])('one point adds up to its weight, with cells of %s', async (cellSize, tolerance) => {
  const features = collection([pointAt([500_013.7, 4_999_991.2], { people: 7.5 })]);
  const inputs = { features, radius: 100, weightField: 'people', ...(cellSize && { cellSize }) };
  const [ours, theirs] = await tiers.results(heatmap, inputs);
  expectAlike(ours, theirs);
  expect(Math.abs(massOf(ours) / 7.5 - 1)).toBeLessThan(tolerance);
  for (const cell of ours.features as Feature<Polygon>[]) {
    const [x, y] = middleOf(cell);
    const apart = Math.hypot(x - 500_013.7, y - 4_999_991.2);
    const wanted = (7.5 * 3 * (1 - (apart / 100) ** 2) ** 2) / (Math.PI * 100 ** 2);
    expect(apart).toBeLessThan(100);
    expect(Math.abs(cell.properties!.density - wanted)).toBeLessThan(1e-9);
  }
});

it('many points add up to all their weights, on both tiers alike', async () => {
  const data = cities(3_000);
  const total = data.features.reduce((sum, { properties }) => sum + properties!.population, 0);
  const inputs = { features: { ...data, crs }, radius: 6, cellSize: 1, weightField: 'population' };
  const [ours, theirs] = await tiers.results(heatmap, inputs);
  expectAlike(ours, theirs);
  expect(Math.abs(massOf(ours) / total - 1)).toBeLessThan(0.002);
  const [all] = await tiers.results(heatmap, { ...inputs, emptyCells: true });
  expect(all.features.length).toBeGreaterThan(ours.features.length);
  expect(massOf(all)).toBeCloseTo(massOf(ours), 0);
});

it('covers the extent that is asked for, with what lies outside of it', async () => {
  const features = collection([pointAt([0, 0]), pointAt([50, 0]), pointAt([0, 0])]);
  const extent = { bbox: [-3, -3, 3, 3], crs: name };
  const [ours, theirs] = await tiers.results(heatmap, { features, radius: 60, cellSize: 1, extent });
  expectAlike(ours, theirs);
  const whole = ours.features.find(({ properties: { i, j } }: any) => i === 0 && j === 0);
  const wanted = ((2 + (1 - (50 / 60) ** 2) ** 2) * 3) / (Math.PI * 3_600);
  expect(whole.properties.density).toBeCloseTo(wanted, 12);
  expect(Math.max(...ours.features.map((one: Feature<Polygon>) => Math.abs(middleOf(one)[0])))).toBeLessThan(
    5,
  );
});

it('adds up on the ground too, over the antimeridian and near a pole, and is left to tier 1', async () => {
  for (const [at, cellSize] of [
    [[7.4, 46.9], 0.001],
    [[-120, 80], 0.001],
    [[179.995, -20], 0.001],
  ] as const) {
    const features = { type: 'FeatureCollection', features: [pointAt([...at], { w: 3 })] };
    const extent = { bbox: [at[0] - 0.2, at[1] - 0.03, at[0] + 0.2, at[1] + 0.03] };
    const inputs = { features, radius: 2_000, weightField: 'w', cellSize };
    expect(await tiers.refusal(heatmap, inputs)).toContain('on the ground');
    const result = await tiers.resultOfTier1(heatmap, at[0] > 179 ? { ...inputs, extent } : inputs);
    const meters = 111_320 * Math.cos((at[1] * Math.PI) / 180) * 110_900;
    expect(Math.abs((massOf(result) * meters) / 3 - 1)).toBeLessThan(0.012);
  }
});

it('leaves out weights that are no numbers, and refuses what it cannot measure', async () => {
  const features = collection([
    pointAt([0, 0], { w: 1 }),
    pointAt([0, 0], { w: 'x' }),
    pointAt([0, 0], { w: null }),
  ]);
  const inputs = { features, radius: 10, weightField: 'w' };
  const [ours, theirs] = await tiers.results(heatmap, inputs);
  expectAlike(ours, theirs);
  expect(Math.abs(massOf(ours) - 1)).toBeLessThan(0.02);
  for (const outcome of await tiers.outcomes(heatmap, inputs))
    expect(outcome).toMatchObject({
      messages: [{ level: 'warning', text: 'Values of w that are no numbers were left out.' }],
    });
  for (const [wrong, text] of [
    [{ ...inputs, weightField: 'v' }, '/inputs/weightField: no feature has the attribute v'],
    [{ ...inputs, cellSize: 0.01 }, '/inputs/cellSize: the grid would have more than 10000 cells'],
  ] as const)
    for (const outcome of await tiers.outcomes(heatmap, wrong, { maxOutputFeatures: 10_000 }))
      expect(outcome).toMatchObject({
        failure: { reason: 'invalid-input', message: expect.stringContaining(text) },
      });
  const [none, neither] = await tiers.results(heatmap, { features: collection([]), radius: 10 });
  expect([none.features, neither.features]).toEqual([[], []]);
});

it('takes finite numbers only', () =>
  tiers.expectFiniteNumbers('heatmap', {
    radius: 2,
    cellSize: 1,
    extent: [0, 0, 3, 3],
    $maxOutputFeatures: 100,
  }));
