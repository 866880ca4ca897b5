import geodesic from 'geographiclib-geodesic';
import type { Feature, FeatureCollection, Position } from 'geojson';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { inPostgis } from '../support/in-postgis.js';
import { load } from '../support/postgis-tables.js';
import { countries } from '../support/real-data.js';
import { runProcess } from '../support/run-process.js';
import { startInProcessTier, type TierHarness } from '../support/tier-harness.js';

const { WGS84 } = geodesic.Geodesic;

// What is asked here is whether the answers are right, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });

let harness: TierHarness;
beforeAll(async () => {
  harness = await startInProcessTier();
});
afterAll(() => harness.close());

const points = (coordinates: Position[]): FeatureCollection => ({
  type: 'FeatureCollection',
  features: coordinates.map((position, id): Feature => ({
    type: 'Feature',
    id,
    properties: { place: id },
    geometry: { type: 'Point', coordinates: position },
  })),
});

describe('minimum-bounding-circle', () => {
  it('in a plane, the radii are those of PostGIS', async () => {
    const features = countries().features.filter((_, i) => i % 12 === 0);
    const data = {
      type: 'FeatureCollection',
      crs: { type: 'name', properties: { name: 'EPSG:3857' } },
      features,
    } as FeatureCollection;
    const { result } = await runProcess(harness, 'minimum-bounding-circle', {
      features: data,
      scope: 'each',
    });
    const rows = await inPostgis(async (client) => {
      await load(client, 't', data, { asTheyAre: true });
      return (
        await client.query('select (st_minimumboundingradius(geom)).radius as radius from t order by n')
      ).rows;
    });
    rows.forEach(({ radius }, at) => {
      expect(result.features[at].properties).toMatchObject(features[at]!.properties!);
      expect(Math.abs(result.features[at].properties.radius_m / radius - 1)).toBeLessThan(1e-9);
    });
  });

  it('on the ground, it holds everything, touches it, and no nearby centre has a smaller one', async () => {
    for (const name of ['Fiji', 'Iceland', 'Antarctica']) {
      const country = countries().features.find(({ properties }) => properties!.name === name)!;
      const { result } = await runProcess(harness, 'minimum-bounding-circle', { features: country });
      const { center_x, center_y, radius_m } = result.features[0].properties;
      const positions = (
        JSON.stringify(country.geometry).match(/-?[\d.]+(e-?\d+)?,-?[\d.]+(e-?\d+)?/g) ?? []
      ).map((text) => text.split(',').map(Number));
      const distances = positions.map(([x, y]) => WGS84.Inverse(center_y, center_x, y!, x!).s12!);
      expect(Math.abs(distances.reduce((a, b) => Math.max(a, b)) - radius_m)).toBeLessThan(1e-3);
      const outer = positions.filter((_, i) => distances[i]! > radius_m * 0.99);
      const reach = (lon: number, lat: number): number =>
        outer.reduce((most, [x, y]) => Math.max(most, WGS84.Inverse(lat, lon, y!, x!).s12!), 0);
      for (let azimuth = 0; azimuth < 360; azimuth += 45) {
        const { lat2, lon2 } = WGS84.Direct(center_y, center_x, azimuth, radius_m / 1000);
        expect(reach(lon2!, lat2!)).toBeGreaterThan(radius_m - 0.01);
      }
      const drawn = JSON.stringify(result.features[0].geometry).match(
        /-?[\d.]+(e-?\d+)?,-?[\d.]+(e-?\d+)?/g,
      )!;
      const border = drawn
        .map((text) => text.split(',').map(Number))
        .filter(([x, y]) => Math.abs(x!) < 180 && Math.abs(y!) < 90);
      for (const [x, y] of border)
        expect(Math.abs(WGS84.Inverse(center_y, center_x, y!, x!).s12! - radius_m)).toBeLessThan(0.01);
    }
  });

  it('refuses what spreads over the whole globe, and draws a place as a point', async () => {
    const world = points([
      [0, 0],
      [120, 0],
      [-120, 0],
      [0, 80],
      [0, -80],
    ]);
    await expect(runProcess(harness, 'minimum-bounding-circle', { features: world })).rejects.toThrow(
      /globe/,
    );
    const { result } = await runProcess(harness, 'minimum-bounding-circle', {
      features: points([
        [7, 46],
        [7, 46],
      ]),
    });
    expect(result.features[0]).toMatchObject({
      properties: { feature_count: 2, radius_m: 0 },
      geometry: { type: 'Point' },
    });
  });
});
