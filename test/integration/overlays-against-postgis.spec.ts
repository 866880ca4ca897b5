import type { FeatureCollection, Geometry } from 'geojson';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { inPostgis } from '../support/in-postgis.js';
import { load } from '../support/postgis-tables.js';
import { planarArea } from '../support/planar-area.js';
import { counties, countries } from '../support/real-data.js';
import {
  attemptOf,
  outcomeOf,
  outputsOf,
  shippedProcess,
  startInProcessTier,
  type TierHarness,
} from '../support/tier-harness.js';

const RELATIVE = 1e-6;

// What is asked here is whether the answers are right, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });

let harness: TierHarness;
beforeAll(async () => {
  harness = await startInProcessTier();
});
afterAll(() => harness.close());

const close = (ours: number, theirs: number): void =>
  expect(Math.abs(ours - theirs)).toBeLessThanOrEqual(RELATIVE * Math.max(Math.abs(theirs), 1e-9));

const asCollection = (rows: { geometry: Geometry }[]): FeatureCollection => ({
  type: 'FeatureCollection',
  features: rows.map(({ geometry }) => ({ type: 'Feature', properties: null, geometry })),
});

/** Four states, grown so that they overlap each other and cut through their neighbours. */
const bufferedStates = (data: FeatureCollection, by: number): Promise<FeatureCollection> =>
  inPostgis(async (client) => {
    await load(client, 'county', data);
    const sql = `select st_asgeojson(st_buffer(st_union(geom), ${by}), 15)::json as geometry from county where state in ('08', '49', '04', '35') group by state`;
    return asCollection((await client.query(sql)).rows as { geometry: Geometry }[]);
  });

describe('against PostGIS on the same data', () => {
  it('dissolves 3,231 counties by state: same states, same areas, in less than 2 s of computing', async () => {
    const data = counties();
    const attempt = attemptOf(shippedProcess('dissolve.yaml'), { inputs: { features: data, by: 'state' } });
    const { result } = await outputsOf(harness, attempt);
    const expected = await inPostgis(async (client) => {
      await load(client, 'county', data);
      return (await client.query('select state, st_area(st_union(geom)) as area from county group by state'))
        .rows as { state: string; area: number }[];
    });
    const ours = new Map<string, number>(
      result.features.map((one: any) => [one.properties.state, planarArea(one.geometry)]),
    );
    expect([...ours.keys()].sort()).toEqual(expected.map(({ state }) => state).sort());
    for (const { state, area } of expected) close(ours.get(state)!, area);
    const { usage } = await outcomeOf(harness.tier, { ...attempt, attempt: 2 });
    expect(usage.cpuMs).toBeLessThan(2_000);
  });

  it('dissolves without what is smaller than an area on the ground: islands go, and lakes are filled', async () => {
    const data = counties();
    const minimumArea = { value: 50, unit: 'square-kilometers' };
    const inputs = { features: data, by: 'state', minimumArea };
    const { result } = await outputsOf(harness, attemptOf(shippedProcess('dissolve.yaml'), { inputs }));
    const expected = await inPostgis(async (client) => {
      await load(client, 'county', data);
      const sql = `
        with part as (select state, (st_dump(st_union(geom))).geom from county group by state),
             ring as (select state, (st_dumprings(geom)).path[1] as number, (st_dumprings(geom)).geom, geom as whole from part),
             filled as (select state, whole, sum(case when number = 0 then st_area(geom) when
                          st_area(geom::geography) >= 5e7 then -st_area(geom) else 0 end) as area from ring group by state, whole)
        select state, sum(area) as area from filled where st_area(whole::geography) >= 5e7 group by state`;
      return (await client.query(sql)).rows as { state: string; area: number }[];
    });
    const ours = new Map<string, Geometry | null>(
      result.features.map(({ properties, geometry }: any) => [properties.state, geometry]),
    );
    expect([...ours].filter(([, geometry]) => geometry !== null)).toHaveLength(expected.length);
    for (const { state, area } of expected) close(planarArea(ours.get(state)!), area);
    const all = await outputsOf(
      harness,
      attemptOf(shippedProcess('dissolve.yaml'), { inputs: { features: data, by: 'state' } }),
    );
    const parts = (features: any[]): number =>
      features.reduce(
        (sum, { geometry }) => sum + (geometry?.type === 'MultiPolygon' ? geometry.coordinates.length : 1),
        0,
      );
    expect(parts(result.features)).toBeLessThan(parts(all.result.features));
  });

  it('unites 255 countries, 54 of them invalid', async () => {
    const data = countries();
    const { result } = await outputsOf(
      harness,
      attemptOf(shippedProcess('union.yaml'), { inputs: { features: data } }),
    );
    const expected = await inPostgis(async (client) => {
      await load(client, 'country', data);
      return (await client.query('select st_area(st_union(geom)) as area from country')).rows[0]
        .area as number;
    });
    expect(result.features).toHaveLength(1);
    close(planarArea(result.features[0].geometry), expected);
  });

  it('cuts 3,231 counties by overlapping overlays', async () => {
    const data = counties();
    const features = await bufferedStates(data, 0.05);
    const { result } = await outputsOf(
      harness,
      attemptOf(shippedProcess('intersection.yaml'), { inputs: { features: data, overlay: features } }),
    );
    const expected = await inPostgis(async (client) => {
      await load(client, 'county', data);
      await load(client, 'overlay', features);
      const sql = `select n, st_area(st_intersection(c.geom, o.geom)) as area from county c, (select st_union(geom) as geom from overlay) o
                   where st_area(st_intersection(c.geom, o.geom)) > 0 order by n`;
      return (await client.query(sql)).rows as { n: number; area: number }[];
    });
    expect(result.features.map((one: any) => one.id)).toEqual(expected.map(({ n }) => data.features[n]!.id));
    result.features.forEach((one: any, index: number) =>
      close(planarArea(one.geometry), expected[index]!.area),
    );
    expect(result.features[0].properties).toEqual(data.features[expected[0]!.n]!.properties);
  });

  it('takes four states away from 3,231 counties', async () => {
    const data = counties();
    const overlay = await bufferedStates(data, 0.05);
    const { result } = await outputsOf(
      harness,
      attemptOf(shippedProcess('difference.yaml'), { inputs: { features: data, overlay } }),
    );
    const expected = await inPostgis(async (client) => {
      await load(client, 'county', data);
      await load(client, 'overlay', overlay);
      const sql = `select n, st_area(rest) as area from (
          select n, st_difference(geom, (select coalesce(st_union(o.geom), 'polygon empty') from overlay o where o.geom && c.geom)) as rest
          from county c) t where not st_isempty(rest) order by n`;
      return (await client.query(sql)).rows as { n: number; area: number }[];
    });
    expect(result.features.map((one: any) => one.id)).toEqual(expected.map(({ n }) => data.features[n]!.id));
    result.features.forEach((one: any, at: number) => close(planarArea(one.geometry), expected[at]!.area));
  });

  it('clips the countries to a mask that cuts through many', async () => {
    const data = countries();
    const mask = 'POLYGON ((-10 -5, 31.3 7, 62 44.4, 3 58, -10 -5), (10 40, 15 45, 20 41, 10 40))';
    const { result } = await outputsOf(
      harness,
      attemptOf(shippedProcess('clip.yaml'), { inputs: { features: data, mask } }),
    );
    const expected = await inPostgis(async (client) => {
      await load(client, 'country', data);
      const sql = `select n, st_area(st_intersection(geom, '${mask}')) as area from country where st_intersects(geom, '${mask}') order by n`;
      return (await client.query(sql)).rows as { n: number; area: number }[];
    });
    expect(result.features.map((one: any) => one.properties.name)).toEqual(
      expected.map(({ n }) => data.features[n]!.properties!.name),
    );
    result.features.forEach((one: any, at: number) => close(planarArea(one.geometry), expected[at]!.area));
  });

  it('finds what counties and shifted counties do not share, from either side', async () => {
    const data: FeatureCollection = {
      type: 'FeatureCollection',
      features: counties().features.filter(({ properties }) => properties!.state === '08'),
    };
    const shifted = await inPostgis(async (client) => {
      await load(client, 'county', data);
      const sql = `select st_asgeojson(st_translate(geom, 0.21, -0.13), 15)::json as geometry from county where n % 3 = 0 order by n`;
      return (await client.query(sql)).rows as { geometry: Geometry }[];
    });
    const overlay = asCollection(shifted);
    const { result } = await outputsOf(
      harness,
      attemptOf(shippedProcess('symmetric-difference.yaml'), { inputs: { features: data, overlay } }),
    );
    const expected = await inPostgis(async (client) => {
      await load(client, 'a', data);
      await load(client, 'b', overlay);
      const rest = (one: string, other: string): string =>
        `select st_area(st_difference(geom, (select st_union(geom) from ${other}))) as area from ${one} order by n`;
      const [first, second] = [await client.query(rest('a', 'b')), await client.query(rest('b', 'a'))];
      return [...first.rows, ...second.rows].map(({ area }) => area as number).filter((area) => area > 0);
    });
    const ours = result.features.map((one: any) => planarArea(one.geometry));
    expect(ours).toHaveLength(expected.length);
    ours.forEach((area: number, at: number) => close(area, expected[at]!));
  });

  it('repairs every invalid country to the same area', async () => {
    const data = countries();
    const { result } = await outputsOf(
      harness,
      attemptOf(shippedProcess('make-valid.yaml'), { inputs: { features: data } }),
    );
    const areas = await inPostgis(async (client) => {
      await load(client, 'country', data);
      return (await client.query('select st_area(geom) as area from country order by n')).rows.map(
        ({ area }) => area as number,
      );
    });
    expect(result.features).toHaveLength(data.features.length);
    result.features.forEach((one: any, index: number) => close(planarArea(one.geometry), areas[index]!));
  });
});
