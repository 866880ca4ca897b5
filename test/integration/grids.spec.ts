/** Grids of squares and hexagons: the cells are those of PostGIS's own functions, and both tiers count the same in them. */
import type { Feature, FeatureCollection, Polygon } from 'geojson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withClient } from '../../launcher/private-cluster.ts';
import { BothTiers, expectAlike } from '../support/both-tiers.js';
import { planarArea } from '../support/planar-area.js';
import { cities, counties } from '../support/real-data.js';
import { shippedProcess } from '../support/tier-harness.js';

const GRIDS = [
  ['square-grid', 'st_squaregrid', 'square_grid'],
  ['hexagon-grid', 'st_hexagongrid', 'hexagon_grid'],
] as const;
const name = 'EPSG:32632';
const crs = { type: 'name', properties: { name } };

let tiers: BothTiers;
beforeAll(async () => {
  tiers = await BothTiers.start();
});
afterAll(() => tiers.close());

const sumOf = (set: FeatureCollection, attribute: string): number =>
  set.features.reduce((sum, { properties }) => sum + (properties![attribute] ?? 0), 0);

describe.each(GRIDS)('%s', (process, grid, procedure) => {
  const definition = shippedProcess(`${process}.yaml`);

  it.each([
    [[600_100, 200_100, 604_900, 203_900], 333],
    [[-7.3, -5.2, 8.2, 9.9], 1.7],
    [[-100, -100, -99, -99], 5],
    [[0.4, 0.3, 0.4, 0.3], 1],
    [[-3, -4, 6, 4], 2],
  ])('over %j with cells of %d are those of PostGIS, on both tiers', async (bbox, cellSize) => {
    const [ours, theirs] = await tiers.results(definition, { extent: { bbox, crs: name }, cellSize });
    expect(ours.crs).toEqual({ type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::32632' } });
    expectAlike(ours, theirs);
    const wanted = await withClient(tiers.databaseUrl, async (client) => {
      const { rows } = await client.query<{ i: number; j: number; area: number }>(
        `select i, j, st_area(geom) as area from ${grid}($1, st_makeenvelope($2, $3, $4, $5)) order by i, j`,
        [cellSize, ...bbox],
      );
      return rows;
    });
    expect(ours.features.map(({ properties }: Feature) => properties)).toEqual(
      wanted.map(({ i, j }) => ({ i, j })),
    );
    ours.features.forEach(({ geometry }: Feature<Polygon>, at: number) =>
      expect(planarArea(geometry) / wanted[at]!.area).toBeCloseTo(1, 9),
    );
  });

  it.each([
    ['cities', 4_000, 7, 'population'],
    ['counties', 1_500, 3, 'rank'],
  ])(
    'counts and adds up %s on both tiers alike, and loses none',
    async (data, count, cellSize, attribute) => {
      const set = data === 'cities' ? cities(count) : counties();
      const features = set.features
        .filter(({ geometry }) => geometry.type === 'Point' || planarArea(geometry) > 0)
        .slice(0, count)
        .map((one, rank) => ({
          ...one,
          properties: { ...one.properties, rank: rank % 7 ? rank / 3 : null },
        }));
      const inputs = { features: { ...set, features, crs }, cellSize, attribute, emptyCells: false };
      const [ours, theirs] = await tiers.results(definition, inputs);
      expectAlike(ours, theirs);
      expect(sumOf(ours, 'count')).toBe(features.length);
      const total = sumOf({ type: 'FeatureCollection', features }, attribute);
      expect(sumOf(ours, `sum_${attribute}`) / total).toBeCloseTo(1, 12);
      expect(Math.max(...ours.features.map(({ properties }: Feature) => properties!.count))).toBeGreaterThan(
        9,
      );
      const [all] = await tiers.results(definition, { ...inputs, emptyCells: true });
      expect(all.features.length).toBeGreaterThan(ours.features.length);
      expect(sumOf(all, 'count')).toBe(features.length);
    },
  );

  it('refuses too many cells before it makes them, cells too far out, and extents that are none', async () => {
    const box = (...bbox: number[]): object => ({ bbox, crs: name });
    const features = { type: 'FeatureCollection', crs, features: [] };
    for (const [inputs, text] of [
      [{ extent: box(0, 0, 1e6, 1e6), cellSize: 1e-2 }, 'more than 5000 cells'],
      [{ extent: box(0, 0, 200, 200), cellSize: 1 }, 'more than 5000 cells'],
      [{ extent: box(1e9, 0, 1e9 + 1, 1), cellSize: 0.1 }, 'too far from the origin'],
      [{ extent: box(9, 0, 3, 1), cellSize: 1 }, 'has its west beyond its east'],
      [{ extent: { bbox: [0, 0, 1, 1] }, features, cellSize: 1 }, 'is in OGC:CRS84, the'],
      [{ extent: { bbox: [0, 0, 1, 1], crs: 'EPSG:27700' }, cellSize: 1 }, 'EPSG:27700'],
      [{ cellSize: 1 }, '/inputs/extent: is required where there are no features'],
    ] as const)
      for (const outcome of await tiers.outcomes(definition, inputs, { maxOutputFeatures: 5_000 }))
        expect(outcome).toMatchObject({
          kind: 'failed',
          failure: { reason: 'invalid-input', message: expect.stringContaining(text) },
        });
  });

  it('makes as many cells as a result may have', async () => {
    const inputs = { extent: { bbox: [0.5, 0.5, 9.5, 9.5], crs: name }, cellSize: 1 };
    const [{ features }] = await tiers.results(definition, inputs);
    const most = features.length as number;
    const kinds = async (maxOutputFeatures: number): Promise<string[]> =>
      (await tiers.outcomes(definition, inputs, { maxOutputFeatures })).map(({ kind }) => kind);
    expect(await kinds(most)).toEqual(['succeeded', 'succeeded']);
    expect(await kinds(most - 1)).toEqual(['failed', 'failed']);
  });

  it('says what is no number, and refuses an attribute that nobody has', async () => {
    const point = (value: unknown): object => ({
      type: 'Feature',
      properties: { value },
      geometry: { type: 'Point', coordinates: [0.5, 0.2] },
    });
    const features = { type: 'FeatureCollection', crs, features: [1.5, 'tall', null, 3].map(point) };
    const inputs = { features, cellSize: 10, attribute: 'value', emptyCells: false };
    const [ours, theirs] = await tiers.results(definition, inputs);
    expectAlike(ours, theirs);
    expect(ours.features).toHaveLength(1);
    const statistics = { sum_value: 4.5, mean_value: 2.25, minimum_value: 1.5, maximum_value: 3 };
    expect(ours.features[0].properties).toEqual({ i: 0, j: 0, count: 4, ...statistics });
    for (const outcome of await tiers.outcomes(definition, inputs))
      expect(outcome).toMatchObject({
        messages: [{ level: 'warning', text: 'Values of value that are no numbers were left out.' }],
      });
    for (const outcome of await tiers.outcomes(definition, { ...inputs, attribute: 'girth' }))
      expect(outcome).toMatchObject({
        failure: { message: '/inputs/attribute: no feature has the attribute girth' },
      });
  });

  it('takes finite numbers only', () =>
    tiers.expectFiniteNumbers(procedure, { cellSize: 1, extent: [0, 0, 3, 3], $maxOutputFeatures: 100 }));
});
