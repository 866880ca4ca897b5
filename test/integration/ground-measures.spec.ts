import geodesic from 'geographiclib-geodesic';
import type { Feature, FeatureCollection, Position } from 'geojson';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { inPostgis } from '../support/in-postgis.js';
import { load } from '../support/postgis-tables.js';
import { counties, countries, isStitched } from '../support/real-data.js';
import { runProcess } from '../support/run-process.js';
import { startInProcessTier, type TierHarness } from '../support/tier-harness.js';

const { WGS84 } = geodesic.Geodesic;
const RELATIVE = 1e-6;

// What is asked here is whether the answers are right, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });

let harness: TierHarness;
beforeAll(async () => {
  harness = await startInProcessTier();
});
afterAll(() => harness.close());

const near = (ours: number, theirs: number): void =>
  expect(Math.abs(ours - theirs)).toBeLessThanOrEqual(RELATIVE * Math.max(1, Math.abs(theirs)));

const line = (coordinates: Position[]): Feature => ({
  type: 'Feature',
  properties: {},
  geometry: { type: 'LineString', coordinates },
});

describe('area-and-length on the ellipsoid', () => {
  it('areas and perimeters of the countries are those of PostGIS geography', async () => {
    const names = ['Russia', 'Fiji', 'Antarctica'];
    const data: FeatureCollection = {
      type: 'FeatureCollection',
      features: countries().features.filter(
        ({ properties }, i) => i % 4 === 0 || names.includes(properties!.name),
      ),
    };
    const { result } = await runProcess(harness, 'area-and-length', { features: data });
    const expected = await inPostgis(async (client) => {
      await load(client, 't', data, { srid: 4326 });
      const raw = data.features.map((one) => (isStitched(one) ? one : { ...one, geometry: null as never }));
      await load(client, 'raw', { ...data, features: raw }, { srid: 4326, asTheyAre: true });
      // Repair in the plane would tear what jumps over the antimeridian; on the globe it is valid as it is.
      await client.query('update t set geom = raw.geom from raw where raw.n = t.n and raw.geom is not null');
      const sql =
        'select st_area(geom::geography) as area, st_perimeter(geom::geography) as perimeter from t order by n';
      return (await client.query(sql)).rows as { area: number; perimeter: number }[];
    });
    result.features.forEach(({ properties, geometry, id }: any, at: number) => {
      expect({ id, geometry }).toEqual({ id: data.features[at]!.id, geometry: data.features[at]!.geometry });
      near(properties.area_m2, expected[at]!.area);
      expect(properties.length_m).toBe(0);
      // Their outlines have cuts along the antimeridian, which are no part of ours.
      if (['Russia', 'Fiji'].includes(properties.name))
        expect(properties.perimeter_m).toBeLessThan(expected[at]!.perimeter * 0.99);
      else near(properties.perimeter_m, expected[at]!.perimeter);
    });
  });

  it('a cut at the antimeridian is no part of the perimeter', async () => {
    const box = (west: number, east: number): Position[] => [
      [west, -18],
      [east, -18],
      [east, -16],
      [west, -16],
      [west, -18],
    ];
    const { result } = await runProcess(harness, 'area-and-length', {
      features: {
        type: 'FeatureCollection',
        features: [[box(40, 43)], [box(178, 180), box(-180, -179)]].map((parts): Feature => ({
          type: 'Feature',
          properties: {},
          geometry: { type: 'MultiPolygon', coordinates: parts.map((ring) => [ring]) },
        })),
      },
    });
    const [inland, across] = result.features.map(({ properties }: any) => properties);
    // Only nearly the same: the geodesics of two short edges are not that of one long edge.
    expect(Math.abs(across.area_m2 / inland.area_m2 - 1)).toBeLessThan(1e-3);
    expect(Math.abs(across.perimeter_m / inland.perimeter_m - 1)).toBeLessThan(1e-4);
  });

  it('the length of lines is that of GeographicLib, also over the antimeridian', async () => {
    const tracks = [
      [
        [8.5492, 47.4582],
        [-73.7781, 40.6413],
      ],
      [
        [178.44, -18.14],
        [-171.76, -13.83],
      ],
      [
        [0, 0],
        [0, 90],
      ],
    ];
    const { result } = await runProcess(harness, 'area-and-length', {
      features: { type: 'FeatureCollection', features: tracks.map(line) },
    });
    result.features.forEach(({ properties }: any, at: number) => {
      const [[lon1, lat1], [lon2, lat2]] = tracks[at] as [[number, number], [number, number]];
      near(properties.length_m, WGS84.Inverse(lat1, lon1, lat2, lon2).s12!);
    });
  });

  it('shapes whose area is known: the world, a hemisphere, a lune', async () => {
    const WHOLE = 510_065_621_724_088.5;
    const box = (west: number, south: number, east: number, north: number): Feature => ({
      type: 'Feature',
      properties: { part: ((east - west) / 360) * (north - south === 180 ? 1 : 0.5) },
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [west, south],
            [east, south],
            [east, north],
            [west, north],
            [west, south],
          ],
        ],
      },
    });
    const features = [
      box(-180, -90, 180, 90),
      box(-180, 0, 180, 90),
      box(-180, -90, 180, 0),
      box(10, -90, 40, 90),
      box(-170, -90, 170, 90),
    ];
    const { result } = await runProcess(harness, 'area-and-length', {
      features: { type: 'FeatureCollection', features },
    });
    for (const { properties } of result.features)
      expect(properties.area_m2 / (WHOLE * properties.part)).toBeCloseTo(1, 9);
    expect(result.features[0].properties.perimeter_m).toBeCloseTo(0, 3);
  });

  it('a projected system is measured in its plane, or on the ellipsoid', async () => {
    const data = counties();
    const texas: FeatureCollection = {
      ...data,
      features: data.features.filter(({ properties }) => properties!.state === '48'),
    };
    const projected = (await runProcess(harness, 'reproject', { features: texas, targetCrs: 'EPSG:2263' }))
      .result;
    const ground = (await runProcess(harness, 'area-and-length', { features: texas })).result.features;
    const again = (await runProcess(harness, 'area-and-length', { features: projected, method: 'geodesic' }))
      .result.features;
    again.forEach(({ properties }: any, at: number) =>
      near(properties.area_m2, ground[at].properties.area_m2),
    );
    const planar = (await runProcess(harness, 'area-and-length', { features: projected })).result.features;
    const feet = await inPostgis(async (client) => {
      await load(client, 't', projected);
      return (
        await client.query('select st_area(geom) as area, st_perimeter(geom) as perimeter from t order by n')
      ).rows;
    });
    planar.forEach(({ properties }: any, at: number) => {
      near(properties.area_m2, feet[at].area * (1200 / 3937) ** 2);
      near(properties.perimeter_m, feet[at].perimeter * (1200 / 3937));
    });
  });
});
