import type { FeatureCollection } from 'geojson';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { inPostgis } from '../support/in-postgis.js';
import { load } from '../support/postgis-tables.js';
import { cities, counties } from '../support/real-data.js';
import { runProcess } from '../support/run-process.js';
import { startInProcessTier, type TierHarness } from '../support/tier-harness.js';

// What is asked here is whether the answers are right, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });

let harness: TierHarness;
beforeAll(async () => {
  harness = await startInProcessTier();
});
afterAll(() => harness.close());

/** Two states, repaired, so that both sides see the very same shapes. */
async function someCounties(states: string[]): Promise<FeatureCollection> {
  const features = counties().features.filter(({ properties }) => states.includes(properties!.state));
  return (await runProcess(harness, 'make-valid', { features: { type: 'FeatureCollection', features } }))
    .result;
}

describe('spatial-join, against PostGIS', () => {
  it('puts 20,000 cities into counties', async () => {
    const [towns, data] = [cities(20_000), counties()];
    const { result } = await runProcess(harness, 'spatial-join', {
      features: towns,
      join: data,
      predicate: 'within',
    });
    const expected = await inPostgis(async (client) => {
      await load(client, 'town', towns, { asTheyAre: true });
      await load(client, 'county', data);
      const sql = `select t.n, min(c.n) as county, count(c.n)::int as count from town t left join county c on st_within(t.geom, c.geom) group by t.n order by t.n`;
      return (await client.query(sql)).rows as { county: number | null; count: number }[];
    });
    expect(result.features).toHaveLength(towns.features.length);
    expect(expected.filter(({ count }) => count > 0).length).toBeGreaterThan(1000);
    result.features.forEach(({ id, geometry, properties }: any, at: number) => {
      const { county, count } = expected[at]!;
      const before = towns.features[at]!;
      expect({ id, geometry, name: properties.name }).toEqual({
        id: before.id,
        geometry: before.geometry,
        name: before.properties!.name,
      });
      expect(properties.join_count).toBe(count);
      expect(properties.join_feature).toBe(county === null ? null : data.features[county]!.id);
      expect(properties.join_name).toBe(county === null ? null : data.features[county]!.properties!.name);
    });
  });

  it.each(['intersects', 'within', 'contains', 'touches', 'crosses', 'overlaps', 'equals'])(
    '%s: the same pairs',
    async (predicate) => {
      const data = await someCounties(['08', '49']);
      const others = await inPostgis(async (client): Promise<FeatureCollection> => {
        await load(client, 't', data);
        // Some equal, some shrunk and grown, some shifted, some reduced to their outline.
        const sql = `select case n % 5 when 0 then geom when 1 then st_buffer(geom, -0.02) when 2 then st_buffer(geom, 0.02)
                     when 3 then st_translate(geom, 0.1, 0.1) else st_boundary(geom) end as g from t`;
        const rows = (
          await client.query(
            `select st_asgeojson(g, 15)::json as geometry from (${sql}) s where not st_isempty(g)`,
          )
        ).rows;
        return {
          type: 'FeatureCollection',
          features: rows.map(({ geometry }) => ({
            type: 'Feature',
            properties: { kind: geometry.type },
            geometry,
          })),
        };
      });
      const { result } = await runProcess(harness, 'spatial-join', {
        features: data,
        join: others,
        predicate,
        type: 'one-to-many',
        keepUnmatched: false,
      });
      const expected = await inPostgis(async (client) => {
        await load(client, 'a', data, { asTheyAre: true });
        await load(client, 'b', others, { asTheyAre: true });
        return (
          await client.query(
            `select a.n as a, b.n as b from a, b where st_${predicate}(a.geom, b.geom) order by 1, 2`,
          )
        ).rows;
      });
      const placeOf = new Map(data.features.map(({ id }, n) => [id, n]));
      const pairs = result.features.map(({ id, properties }: any) => ({
        a: placeOf.get(id),
        b: properties.join_feature,
      }));
      expect(pairs).toEqual(expected);
      if (predicate !== 'crosses') expect(pairs.length).toBeGreaterThan(5);
    },
  );
});
