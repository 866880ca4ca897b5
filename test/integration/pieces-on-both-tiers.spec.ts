/** Shapes in pieces, on a grid and as coverages: tier 2 gives what tier 1 gives, and both what PostGIS can check. */
import type { Feature, FeatureCollection, Geometry } from 'geojson';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AWKWARD, asFeature } from '../support/awkward-shapes.js';
import { BothTiers, expectAlike } from '../support/both-tiers.js';
import { inPostgis } from '../support/in-postgis.js';
import { planarArea } from '../support/planar-area.js';
import { load } from '../support/postgis-tables.js';
import { counties } from '../support/real-data.js';
import { shippedProcess } from '../support/tier-harness.js';

// What is asked here is whether the answers are right, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });

const SHAPES = Object.entries(AWKWARD).filter(([name]) => name !== 'an empty multipolygon');
const isLineOrArea = ([, shape]: [string, Geometry | null]): boolean =>
  /LineString|Polygon/.test(shape?.type ?? '');

let tiers: BothTiers;
beforeAll(async () => {
  tiers = await BothTiers.start();
});
afterAll(() => tiers.close());

const collection = (features: Feature<Geometry | null>[]): FeatureCollection => ({
  type: 'FeatureCollection',
  features: features as Feature[],
});
const ofStates = (...codes: string[]): FeatureCollection =>
  collection(counties().features.filter(({ properties }) => codes.includes(properties!.state)));
/** Everything but where a line or a ring begins, and which of the pieces of a feature is the first: engines differ there. */
const told = ({ features }: FeatureCollection): unknown[] =>
  features
    .map(({ id, properties, geometry }) => {
      const { piece: _, ...others } = properties!;
      const corners = new Set(
        JSON.stringify(geometry)
          .match(/\[-?[\d.e,-]+\]/g)
          ?.map(digitsOf),
      );
      return JSON.stringify([id, others, geometry?.type, [...corners].sort()]);
    })
    .sort();
const digitsOf = (position: string): string =>
  (JSON.parse(position) as number[]).map((value) => Number(value.toPrecision(11)) + 0).join(' ');
const expectSame = (ours: FeatureCollection, theirs: FeatureCollection): void => {
  expect(told(theirs)).toEqual(told(ours));
  const size = total(ours);
  expect(Math.abs(total(theirs) - size)).toBeLessThanOrEqual(1e-9 * size);
};
const verticesOf = ({ geometry }: Feature): number => JSON.stringify(geometry).match(/\[-?\d/g)?.length ?? 0;
const total = ({ features }: FeatureCollection): number =>
  features.reduce((sum, { geometry }) => sum + (geometry ? planarArea(geometry) : 0), 0);
/** Area of the union of features that were already valid. */
const unitedArea = (set: FeatureCollection): Promise<number> =>
  inPostgis(async (client) => {
    await load(client, 't', set);
    return (await client.query<{ area: number }>('select st_area(st_union(geom)) as area from t')).rows[0]!
      .area;
  });

describe('subdivide', () => {
  const subdivide = shippedProcess('subdivide.yaml');

  it.each([8, 20, 100])('counties in pieces of %d vertices: all of them, none twice', async (maxVertices) => {
    const features = ofStates('02', '08', '49');
    const [ours, theirs] = await tiers.results(subdivide, { features, maxVertices });
    expectSame(ours, theirs);
    expect(Math.max(...ours.features.map(verticesOf))).toBeLessThanOrEqual(maxVertices);
    const wanted = await unitedArea(features);
    expect(total(ours) / wanted).toBeCloseTo(1, 9);
    expect((await unitedArea(ours)) / wanted).toBeCloseTo(1, 9);
    const pieces = ours.features.filter(({ properties }: Feature) => properties!.source_feature === '08001');
    expect(pieces.map(({ properties }: Feature) => properties!.piece)).toEqual([...pieces.keys()]);
  });

  it('a line along the border of two halves is in one of them', async () => {
    const zigzag = Array.from({ length: 40 }, (_, i) => [i % 2 ? 0 : 10, i / 4]);
    const shape: Geometry = { type: 'LineString', coordinates: [...zigzag, [5, 10], [5, 0]] };
    const features = collection([asFeature(shape, 'line')]);
    const [ours, theirs] = await tiers.results(subdivide, { features, maxVertices: 8 });
    expectSame(ours, theirs);
    const lengthOf = (set: FeatureCollection): Promise<number> =>
      inPostgis(async (client) => {
        await load(client, 't', set, { asTheyAre: true });
        return (await client.query<{ sum: number }>('select sum(st_length(geom)) from t')).rows[0]!.sum;
      });
    expect((await lengthOf(ours)) / (await lengthOf(features))).toBeCloseTo(1, 9);
  });

  it('gives up where more edges meet in one place than a piece may have', async () => {
    const spokes = Array.from({ length: 12 }, (_, i) => {
      const [a, b] = [i, i + 0.4].map((step) => [Math.cos(step * 0.5), Math.sin(step * 0.5)]);
      return [[[0, 0], a!, b!, [0, 0]]]; // prettier-ignore
    });
    const holes = { type: 'Polygon', coordinates: [[[-2, -2], [2, -2], [2, 2], [-2, 2], [-2, -2]], ...spokes.map(([ring]) => [...ring!].reverse())] } as Geometry; // prettier-ignore
    const features = collection([asFeature(holes, 'wheel')]);
    const [ours, theirs] = await tiers.results(subdivide, { features, maxVertices: 8 });
    expect(total(theirs) / total(ours)).toBeCloseTo(1, 12);
    expect(total(ours) / total(features)).toBeCloseTo(1, 9);
  });

  it.each(SHAPES.filter(isLineOrArea))('takes %s alike', async (name, shape) => {
    expectSame(...(await tiers.results(subdivide, { features: collection([asFeature(shape, name)]) })));
  });

  it('takes finite numbers only', () => tiers.expectFiniteNumbers('subdivide', { maxVertices: 8 }));
});

describe('snap-to-grid', () => {
  const snap = shippedProcess('snap-to-grid.yaml');

  it.each([0.01, 0.25])('counties on a grid of %d, alike and valid', async (size) => {
    const features = ofStates('02', '08', '49');
    const [ours, theirs] = await tiers.results(snap, { features, size });
    expectSame(ours, theirs);
    const values = JSON.stringify(ours.features.map(({ geometry }: Feature) => geometry)).match(
      /-?\d+(\.\d+)?/g,
    )!;
    expect(values.every((value) => Math.abs(Number(value) / size - Math.round(Number(value) / size)) < 1e-6)).toBe(true); // prettier-ignore
    const invalid = await inPostgis(async (client) => {
      await load(client, 't', ours, { asTheyAre: true });
      return (await client.query('select n from t where not st_isvalid(geom)')).rows;
    });
    expect(invalid).toEqual([]);
  });

  it.each(SHAPES)('takes %s alike, and tells what vanished', async (name, shape) => {
    for (const size of [0.5, 100]) {
      const inputs = { features: collection([asFeature(shape, name)]), size };
      if (name === 'points, lines and areas in a collection') {
        expect(await tiers.refusal(snap, inputs)).toContain('Collections within collections');
        continue;
      }
      expectSame(...(await tiers.results(snap, inputs)));
      const [ours, theirs] = await tiers.outcomes(snap, inputs);
      expect(theirs).toMatchObject({ messages: (ours as { messages: object[] }).messages });
    }
  });

  it('takes finite numbers only', () => tiers.expectFiniteNumbers('snap_to_grid', { size: 1 }));
});

describe('coverage-simplify', () => {
  const simplify = shippedProcess('coverage-simplify.yaml');
  const bare = (set: FeatureCollection): number =>
    set.features.reduce((sum, one) => sum + verticesOf(one), 0);

  it('counties keep their common borders: no gaps, no overlaps, the outline if it is to stay', async () => {
    const features = ofStates('08', '49', '20');
    for (const simplifyOutline of [false, true]) {
      const inputs = { features, tolerance: 0.05, simplifyOutline };
      const ours = await tiers.resultOfTier1(simplify, inputs);
      expect(ours.features.map(({ id }: Feature) => id)).toEqual(features.features.map(({ id }) => id));
      expect(bare(ours)).toBeLessThan(bare(features) * 0.7);
      expect((await unitedArea(ours)) / total(ours)).toBeCloseTo(1, 9);
      if (!simplifyOutline) expect(total(ours) / (await unitedArea(features))).toBeCloseTo(1, 9);
      const left = await tiers.refusal(simplify, inputs);
      if (left === undefined) expectAlike(ours, (await tiers.results(simplify, inputs))[1]);
      else expect(left).toBe('Coverages need PostGIS 3.4 with GEOS 3.12.');
    }
  });

  it('says where areas overlap, and keeps the place of what is nothing', async () => {
    const overlapping = ['a bow tie', 'nothing', 'the whole world', 'a spike that encloses nothing'];
    const features = collection(overlapping.map((name) => asFeature(AWKWARD[name]!, name)));
    const [outcome] = await tiers
      .outcomes(simplify, { features, tolerance: 0.1 })
      .catch((error: Error) => [error]);
    const ours = await tiers.resultOfTier1(simplify, { features, tolerance: 0.1 });
    expect(ours.features.map(({ geometry }: Feature) => geometry?.type)).toEqual(['MultiPolygon', undefined, 'Polygon', undefined]); // prettier-ignore
    if (!(outcome instanceof Error))
      expect(outcome).toMatchObject({ messages: [{ text: expect.stringContaining('overlap') }, {}, {}] });
  });
});
