import geodesic from 'geographiclib-geodesic';
import type { Feature, FeatureCollection, Position } from 'geojson';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { GroundDistance } from '../support/ground-distance.js';
import { inPostgis } from '../support/in-postgis.js';
import { load } from '../support/postgis-tables.js';
import { cities, counties, countries } from '../support/real-data.js';
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

const collection = (features: Feature[]): FeatureCollection => ({ type: 'FeatureCollection', features });
const named = (name: string): Feature =>
  countries().features.find(({ properties }) => properties!.name === name)!;
const inPlane = (data: FeatureCollection): FeatureCollection =>
  ({ ...data, crs: { type: 'name', properties: { name: 'EPSG:3857' } } }) as FeatureCollection;
const ground = ([lon1, lat1]: Position, [lon2, lat2]: Position): number =>
  WGS84.Inverse(lat1!, lon1!, lat2!, lon2!).s12!;

describe('nearest', () => {
  it('the five nearest of 1,500 cities to 200 others are those of GeographicLib', async () => {
    const all = cities(1700).features;
    const [some, others] = [all.filter((_, i) => i % 17 < 2), all.filter((_, i) => i % 17 >= 2)];
    const { result } = await runProcess(harness, 'nearest', {
      features: collection(some),
      to: collection(others),
      count: 5,
    });
    expect(result.features).toHaveLength(some.length * 5);
    some.forEach((city, at) => {
      const here = (city.geometry as any).coordinates as Position;
      const expected = others
        .map(({ id, geometry }) => ({ id, distance: ground(here, (geometry as any).coordinates) }))
        .sort((a, b) => a.distance - b.distance)
        .slice(0, 5);
      const ours = result.features.slice(at * 5, at * 5 + 5);
      expect(ours.map(({ properties }: any) => properties.nearest_feature)).toEqual(
        expected.map(({ id }) => id),
      );
      ours.forEach(({ id, properties }: any, rank: number) => {
        expect({ id, rank: properties.nearest_rank, name: properties.name }).toEqual({
          id: city.id,
          rank: rank + 1,
          name: city.properties!.name,
        });
        expect(Math.abs(properties.distance_m - expected[rank]!.distance)).toBeLessThan(1e-6);
        expect(properties.join_name).toBe(
          others.find(({ id: other }) => other === properties.nearest_feature)!.properties!.name,
        );
      });
    });
  });

  it('in a plane, the three nearest counties to cities are those of PostGIS', async () => {
    const repaired = (await runProcess(harness, 'make-valid', { features: counties() }))
      .result as FeatureCollection;
    const data = inPlane(collection(repaired.features.filter(({ geometry }) => geometry !== null)));
    const towns = inPlane(
      collection(
        cities(4000).features.filter(({ geometry }) => {
          const [lon, lat] = (geometry as any).coordinates;
          return lon > -125 && lon < -66 && lat > 24 && lat < 50;
        }),
      ),
    );
    const { result } = await runProcess(harness, 'nearest', {
      features: towns,
      to: data,
      count: 3,
      keepUnmatched: false,
    });
    const expected = await inPostgis(async (client) => {
      await load(client, 'town', towns);
      await load(client, 'county', data, { asTheyAre: true });
      const sql = `select t.n, array_agg(d order by d) as distances from town t, lateral (
                     select t.geom <-> c.geom as d from county c order by 1 limit 3) x group by t.n order by t.n`;
      return (await client.query(sql)).rows as { distances: number[] }[];
    });
    expect(result.features).toHaveLength(towns.features.length * 3);
    expected.forEach(({ distances }, at) =>
      distances.forEach((distance, rank) =>
        expect(Math.abs(result.features[at * 3 + rank].properties.distance_m - distance)).toBeLessThan(1e-9),
      ),
    );
  });

  it('nothing beyond the largest distance', async () => {
    const [bern, towns] = [cities(5).features[0]!, collection(cities(60).features.slice(5))];
    const ask = (keepUnmatched: boolean): Promise<any> =>
      runProcess(harness, 'nearest', { features: bern, to: towns, count: 3, maxDistance: 10, keepUnmatched });
    expect((await ask(false)).result.features).toEqual([]);
    const [kept] = (await ask(true)).result.features;
    expect(kept.properties).toMatchObject({
      nearest_feature: null,
      nearest_rank: null,
      distance_m: null,
      join_name: null,
    });
  });
});

describe('distance', () => {
  it('from cities to a country is that of GeographicLib along its outline, 0 inside', async () => {
    for (const country of ['Switzerland', 'New Zealand', 'Fiji']) {
      const target = named(country);
      const some = cities(900).features.filter((_, i) => i % 60 === 7);
      const { result, shortest } = await runProcess(harness, 'distance', {
        features: collection(some),
        to: target,
      });
      const oracle = new GroundDistance(target.geometry);
      const distances = result.features.map(({ properties }: any) => properties.distance_m as number);
      expect(shortest).toBe(Math.min(...distances));
      some.forEach(({ geometry }, at) => {
        const expected = oracle.to((geometry as any).coordinates);
        // The oracle looks closer at twelve edges only, which for far places may miss the very nearest.
        expect(distances[at]! / expected).toBeLessThan(1 + 1e-6);
        expect(distances[at]! / expected).toBeGreaterThan(1 - (expected > 2e6 ? 1e-3 : 1e-6));
      });
    }
    const inside = await runProcess(harness, 'distance', {
      features: 'POINT (8.3 46.9)',
      to: named('Switzerland'),
    });
    expect(inside.shortest).toBe(0);
  });

  it('between countries, as near as their vertices can tell', async () => {
    const pairs = [
      ['Ireland', 'Iceland'],
      ['Cuba', 'Jamaica'],
      ['Fiji', 'Tonga'],
      ['France', 'Germany'],
    ];
    for (const [one, other] of pairs as [string, string][]) {
      const { shortest } = await runProcess(harness, 'distance', { features: named(one), to: named(other) });
      const vertices = (JSON.stringify(named(one).geometry).match(/-?[\d.]+,-?[\d.]+/g) ?? []).map(
        (text): Position => text.split(',').map(Number),
      );
      const oracle = new GroundDistance(named(other).geometry);
      const sample = vertices.filter((_, i) => i % Math.ceil(vertices.length / 300) === 0);
      const upper = Math.min(...sample.map((position) => oracle.to(position)));
      expect(shortest).toBeLessThanOrEqual(upper * (1 + 1e-9));
      if (one !== 'France') expect(shortest).toBeGreaterThan(upper * 0.9);
      else expect(shortest).toBe(0);
    }
  });

  it('between lines and areas in a plane is that of PostGIS', async () => {
    const data = counties().features;
    const [west, east] = [
      data.filter(({ properties }) => properties!.state === '06'),
      data.filter(({ properties }) => ['48', '40'].includes(properties!.state)),
    ].map((features) => inPlane(collection(features)));
    const { result } = await runProcess(harness, 'distance', { features: west!, to: east! });
    const expected = await inPostgis(async (client) => {
      await load(client, 'west', west!);
      await load(client, 'east', east!);
      const sql =
        'select w.n, min(st_distance(w.geom, e.geom)) as d from west w, east e group by w.n order by w.n';
      return (await client.query(sql)).rows as { d: number }[];
    });
    expected.forEach(({ d }, at) =>
      expect(Math.abs(result.features[at].properties.distance_m - d)).toBeLessThan(1e-9),
    );
  });

  it('needs a geometry on either side', async () => {
    const nothing = { type: 'Feature', properties: null, geometry: null };
    await expect(runProcess(harness, 'distance', { features: 'POINT (1 1)', to: nothing })).rejects.toThrow(
      /inputs\/to/,
    );
    await expect(runProcess(harness, 'distance', { features: nothing, to: 'POINT (1 1)' })).rejects.toThrow(
      /inputs\/features/,
    );
  });
});
