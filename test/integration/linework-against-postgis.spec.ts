import type { Feature, FeatureCollection, Geometry, LineString, Position } from 'geojson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inPostgis } from '../support/in-postgis.js';
import { planarArea } from '../support/planar-area.js';
import { load } from '../support/postgis-tables.js';
import { counties } from '../support/real-data.js';
import { runProcess } from '../support/run-process.js';
import { startInProcessTier, type TierHarness } from '../support/tier-harness.js';

let harness: TierHarness;
beforeAll(async () => {
  harness = await startInProcessTier();
});
afterAll(() => harness.close());

/** The outlines of Colorado's counties, shared borders drawn twice, cut into lines of a few vertices. */
function borders(): FeatureCollection {
  const features = counties().features.filter(({ properties }) => ['08', '49'].includes(properties!.state));
  const rings = features.flatMap(({ geometry }): Position[][] =>
    geometry.type === 'Polygon'
      ? geometry.coordinates
      : (geometry as { coordinates: Position[][][] }).coordinates.flat(),
  );
  const lines = rings.flatMap((closed) => {
    const ring = closed.filter(([x, y], i) => i === 0 || x !== closed[i - 1]![0] || y !== closed[i - 1]![1]);
    const parts: Position[][] = [];
    for (let at = 0; at < ring.length - 1; at += 3) parts.push(ring.slice(at, at + 4));
    return parts;
  });
  return collection(lines);
}

const collection = (lines: Position[][]): FeatureCollection => ({
  type: 'FeatureCollection',
  features: lines.map((coordinates): Feature => ({
    type: 'Feature',
    properties: {},
    geometry: { type: 'LineString', coordinates },
  })),
});

const planarLength = ({ coordinates }: LineString): number =>
  coordinates
    .slice(1)
    .reduce((sum, to, i) => sum + Math.hypot(to[0]! - coordinates[i]![0]!, to[1]! - coordinates[i]![1]!), 0);

const sorted = (values: number[]): number[] => [...values].sort((a, b) => a - b);

function expectAlike(ours: number[], theirs: number[]): void {
  expect(ours).toHaveLength(theirs.length);
  const wanted = sorted(theirs);
  sorted(ours).forEach((value, at) =>
    expect(Math.abs(value - wanted[at]!)).toBeLessThanOrEqual(1e-9 * Math.max(1, wanted[at]!)),
  );
}

describe('lines, against PostGIS on the same data', () => {
  it('makes the same polygons of doubled county borders', async () => {
    const data = borders();
    const expected = await inPostgis(async (client) => {
      await load(client, 't', data, { asTheyAre: true });
      const sql = `select st_area((st_dump(st_polygonize(lines))).geom) as area from (select st_unaryunion(st_collect(geom)) as lines from t) s`;
      return (await client.query(sql)).rows.map(({ area }) => area as number);
    });
    const { result, unused } = await runProcess(harness, 'polygonize', { features: data });
    expect(result.features.length).toBeGreaterThan(90);
    expectAlike(
      result.features.map((one: any) => planarArea(one.geometry)),
      expected,
    );
    expect(unused.features).toEqual([]);
  });

  it('says which lines enclose nothing', async () => {
    const lines = [
      [
        [0, 0],
        [2, 0],
        [2, 2],
        [0, 2],
        [0, 0],
      ],
      [
        [5, 0],
        [6, 0],
        [6, 1],
        [5, 0],
      ],
      [
        [2, 0],
        [5, 0],
      ],
      [
        [0, 2],
        [-1, 3],
      ],
    ];
    const { result, unused } = await runProcess(harness, 'polygonize', {
      features: collection(lines),
    });
    expectAlike(
      result.features.map((one: any) => planarArea(one.geometry)),
      [4, 0.5],
    );
    expect(unused.features.map(({ properties }: any) => properties.kind).sort()).toEqual(['cut', 'dangle']);
    expect(
      planarLength(unused.features.find(({ properties }: any) => properties.kind === 'cut').geometry),
    ).toBe(3);
  });

  it('merges the same lines', async () => {
    const data = borders();
    const theirs = (directed: boolean): Promise<number[]> =>
      inPostgis(async (client) => {
        await load(client, 't', data, { asTheyAre: true });
        const sql = `select st_length((st_dump(st_linemerge(st_collect(geom), ${directed}))).geom) as length from t`;
        return (await client.query(sql)).rows.map(({ length }) => length as number);
      });
    for (const directed of [false, true]) {
      const { result } = await runProcess(harness, 'line-merge', { features: data, directed });
      expectAlike(
        result.features.map((one: { geometry: LineString }) => planarLength(one.geometry)),
        await theirs(directed),
      );
    }
  });

  it('densifies to the same vertices', async () => {
    const data = {
      ...borders(),
      crs: { type: 'name', properties: { name: 'EPSG:3857' } },
    } as FeatureCollection;
    const expected = await inPostgis(async (client) => {
      await load(client, 't', data, { asTheyAre: true });
      const sql = `select st_asgeojson(st_segmentize(geom, 0.01), 15)::json as geometry from t order by n`;
      return (await client.query(sql)).rows as { geometry: Geometry }[];
    });
    const { result } = await runProcess(harness, 'densify', { features: data, maxSegmentLength: 0.01 });
    result.features.forEach(({ geometry }: { geometry: LineString }, at: number) => {
      const theirs = (expected[at]!.geometry as LineString).coordinates;
      expect(geometry.coordinates).toHaveLength(theirs.length);
      geometry.coordinates.forEach(([x, y], i) => {
        expect(x).toBeCloseTo(theirs[i]![0]!, 9);
        expect(y).toBeCloseTo(theirs[i]![1]!, 9);
      });
    });
  });
});
