import type { FeatureCollection } from 'geojson';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { inPostgis } from '../support/in-postgis.js';
import { planarArea } from '../support/planar-area.js';
import { load } from '../support/postgis-tables.js';
import { cities, counties, countries, isTorn } from '../support/real-data.js';
import { runProcess } from '../support/run-process.js';
import { startInProcessTier, type TierHarness } from '../support/tier-harness.js';

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

/** Rows of a query over a table `t` with the features as they are, or repaired. */
const ask = <Row>(data: FeatureCollection, sql: string, asTheyAre = false): Promise<Row[]> =>
  inPostgis(async (client) => {
    await load(client, 't', data, { asTheyAre });
    return (await client.query(sql)).rows as Row[];
  });

/** Those that do not lie on both sides of the antimeridian, where the plane of PostGIS is not ours. */
const onOneSide = ({ features }: FeatureCollection): FeatureCollection => ({
  type: 'FeatureCollection',
  features: features.filter((one) => !isTorn(one)),
});

const inPlane = (data: FeatureCollection): FeatureCollection =>
  ({ ...data, crs: { type: 'name', properties: { name: 'EPSG:3857' } } }) as FeatureCollection;

describe('shapes, against PostGIS on the same data', () => {
  it('convex hulls of every county, and of all', async () => {
    // Without the islands of the Pacific, which lie on both sides of the antimeridian.
    const features = counties().features.filter(
      ({ properties }) => properties!.state < '57' && properties!.state !== '02',
    );
    const data: FeatureCollection = { type: 'FeatureCollection', features };
    const expected = await ask<{ area: number }>(
      data,
      'select st_area(st_convexhull(geom)) as area from t order by n',
      true,
    );
    const { result } = await runProcess(harness, 'convex-hull', { features: data, scope: 'each' });
    expect(result.features.map(({ id }: any) => id)).toEqual(data.features.map(({ id }) => id));
    result.features.forEach((one: any, at: number) => close(planarArea(one.geometry), expected[at]!.area));
    const [whole] = await ask<{ area: number }>(
      data,
      'select st_area(st_convexhull(st_collect(geom))) as area from t',
      true,
    );
    const all = await runProcess(harness, 'convex-hull', { features: data });
    close(planarArea(all.result.features[0].geometry), whole!.area);
    expect(all.result.features[0].properties).toEqual({ feature_count: data.features.length });
  });

  it('concave hulls of 2,000 cities, at three ratios, with and without holes', async () => {
    const data = inPlane(cities(2000));
    for (const [ratio, allowHoles] of [
      [0.05, true],
      [0.2, false],
      [1, false],
    ] as const) {
      const [row] = await ask<{ area: number }>(
        data,
        `select st_area(st_concavehull(st_collect(geom), ${ratio}, ${allowHoles})) as area from t`,
      );
      const { result } = await runProcess(harness, 'concave-hull', { features: data, ratio, allowHoles });
      close(planarArea(result.features[0].geometry), row!.area);
    }
  });

  it('centroids of the countries', async () => {
    const data = onOneSide(countries());
    const expected = await ask<{ x: number; y: number }>(
      data,
      'select st_x(c) as x, st_y(c) as y from (select n, st_centroid(geom) as c from t) s order by n',
    );
    const { result } = await runProcess(harness, 'centroid', { features: data });
    result.features.forEach(({ properties, geometry }: any, at: number) => {
      expect(properties).toEqual(data.features[at]!.properties);
      // Vatican City encloses no area at this scale: PostGIS has nothing left of it, and we a point.
      if (expected[at]!.x === null) return expect(properties.name).toBe('Vatican');
      close(geometry.coordinates[0], expected[at]!.x);
      return close(geometry.coordinates[1], expected[at]!.y);
    });
  });

  it('centroids of what lies on both sides of the antimeridian are among it', async () => {
    const features = countries().features.filter(({ properties }) =>
      ['Fiji', 'Russia'].includes(properties!.name),
    );
    const { result } = await runProcess(harness, 'centroid', {
      features: { type: 'FeatureCollection', features },
    });
    const at = Object.fromEntries(
      result.features.map(({ properties, geometry }: any) => [properties.name, geometry.coordinates]),
    );
    expect(at.Fiji[0]).toBeGreaterThan(177);
    expect(at.Fiji[0]).toBeLessThan(179);
    expect(at.Russia[0]).toBeGreaterThan(90);
    expect(at.Russia[0]).toBeLessThan(105);
  });

  it('every point on surface lies on its country', async () => {
    const data = onOneSide(countries());
    const { result } = await runProcess(harness, 'point-on-surface', { features: data });
    const outside = await inPostgis(async (client) => {
      await load(client, 't', data);
      await load(client, 'p', result);
      return (
        await client.query(
          'select n from t join p using (n) where not st_isempty(t.geom) and not st_intersects(t.geom, p.geom)',
        )
      ).rows;
    });
    expect(result.features.every(({ geometry }: any) => geometry.type === 'Point')).toBe(true);
    expect(outside).toEqual([]);
  });

  it('simplified counties in a plane: within the tolerance, valid, and with about as few vertices', async () => {
    const data = inPlane(counties());
    const [theirs] = await ask<{ vertices: number }>(
      data,
      'select sum(st_npoints(st_simplifypreservetopology(geom, 0.05)))::int as vertices from t',
    );
    const { result } = await runProcess(harness, 'simplify', { features: data, tolerance: 0.05 });
    const [ours] = await inPostgis(async (client) => {
      await load(client, 'before', data);
      await load(client, 'after', result, { asTheyAre: true });
      const sql = `select sum(st_npoints(a.geom))::int as vertices, max(st_hausdorffdistance(b.geom, a.geom)) as farthest,
                          bool_and(st_isvalid(a.geom)) as valid, count(*)::int as count
                   from before b join after a using (n)`;
      return (await client.query(sql)).rows;
    });
    expect(ours).toMatchObject({ valid: true, count: data.features.length });
    expect(ours.farthest).toBeLessThanOrEqual(2 * 0.05);
    // Their engine is a version older and keeps the vertex where a ring begins.
    expect(ours.vertices).toBeLessThanOrEqual(theirs!.vertices);
    expect(ours.vertices).toBeGreaterThan(theirs!.vertices * 0.8);
  });

  it('agrees on which countries are invalid, why and where', async () => {
    const data = countries();
    const expected = await ask<{ valid: boolean; reason: string | null }>(
      data,
      `select (d).valid, (d).reason
       from (select n, st_isvaliddetail(geom) as d from t) s order by n`,
      true,
    );
    const { result, faults, valid } = await runProcess(harness, 'validate', { features: data });
    expect(valid).toBe(false);
    const invalid = expected.filter((one) => !one.valid);
    expect(invalid).toHaveLength(54);
    expect(faults.features).toHaveLength(54);
    result.features.forEach(({ properties, geometry }: any, at: number) => {
      expect(properties.valid).toBe(expected[at]!.valid);
      expect(properties.invalid_reason?.replace('Ring ', '')).toBe(
        expected[at]!.reason?.replace('Ring ', ''),
      );
      expect(geometry).toEqual(data.features[at]!.geometry);
    });
    // Versions differ in which of several faults they name, so ours must only lie where an outline meets itself.
    const off = await inPostgis(async (client) => {
      await load(client, 't', data, { asTheyAre: true });
      await load(client, 'fault', faults);
      const sql = `select f.n from fault f where not exists (
                     select from t where not st_isvalid(geom) and st_dwithin(st_boundary(geom), f.geom, 1e-9))`;
      return (await client.query(sql)).rows;
    });
    expect(off).toEqual([]);
  });
});
