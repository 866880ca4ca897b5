import type { FeatureCollection, Geometry } from 'geojson';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inPostgis } from '../support/in-postgis.js';
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

let harness: TierHarness;
beforeAll(async () => {
  harness = await startInProcessTier();
});
afterAll(() => harness.close());

/** A temporary table of one client: `n` is the feature's place, geometries repaired as tier 1 repairs them. */
async function load(client: Client, table: string, { features }: FeatureCollection): Promise<void> {
  await client.query(`create temp table ${table} (n int, state text, geom geometry)`);
  const rows = features.map(({ geometry, properties }, n) => ({
    n,
    state: properties?.state ?? null,
    geometry,
  }));
  for (let at = 0; at < rows.length; at += 500) {
    await client.query(
      `insert into ${table} select (r->>'n')::int, r->>'state', st_makevalid(st_geomfromgeojson(r->>'geometry'), 'method=structure keepcollapsed=false')
       from jsonb_array_elements($1::jsonb) r`,
      [JSON.stringify(rows.slice(at, at + 500))],
    );
  }
}

const close = (ours: number, theirs: number): void =>
  expect(Math.abs(ours - theirs)).toBeLessThanOrEqual(RELATIVE * Math.max(Math.abs(theirs), 1e-9));

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
    const overlay = await inPostgis(async (client) => {
      await load(client, 'county', data);
      const sql = `select st_asgeojson(st_buffer(st_union(geom), 0.05), 15)::json as geometry from county where state in ('08', '49', '04', '35') group by state`;
      return (await client.query(sql)).rows as { geometry: Geometry }[];
    });
    const features: FeatureCollection = {
      type: 'FeatureCollection',
      features: overlay.map(({ geometry }) => ({ type: 'Feature', properties: null, geometry })),
    };
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
