/** Cells of H3: against cells that are known, PostGIS's count, and areas on the ground. */
import type { Feature, FeatureCollection } from 'geojson';
import { cellArea, cellToLatLng } from 'h3-js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inPostgis } from '../support/in-postgis.js';
import { load } from '../support/postgis-tables.js';
import { cities } from '../support/real-data.js';
import { runProcess } from '../support/run-process.js';
import { startInProcessTier, type TierHarness } from '../support/tier-harness.js';

let harness: TierHarness;
beforeAll(async () => {
  harness = await startInProcessTier();
});
afterAll(() => harness.close());

const at = (lon: number, lat: number, properties: object = {}): Feature => ({
  type: 'Feature',
  properties: { ...properties },
  geometry: { type: 'Point', coordinates: [lon, lat] },
});
const collection = (features: Feature[]): FeatureCollection => ({ type: 'FeatureCollection', features });

it('the cells are those that the documentation of H3 has', async () => {
  // h3geo.org, quick start and the index of the API.
  for (const [lat, lon, resolution, cell] of [
    [37.3615593, -122.0553238, 7, '87283472bffffff'],
    [37.775938728915946, -122.41795063018799, 9, '8928308280fffff'],
    [37.3615593, -122.0553238, 5, '85283473fffffff'],
  ] as const) {
    const { result } = await runProcess(harness, 'h3-binning', { features: at(lon, lat), resolution });
    expect(result.features).toMatchObject([{ id: cell, properties: { h3: cell, count: 1 } }]);
  }
});

it('PostGIS counts as many of 20,000 cities in them, and adds up the same people', async () => {
  const features = cities(20_000);
  const { result } = await runProcess(harness, 'h3-binning', {
    features,
    resolution: 4,
    attribute: 'population',
  });
  const sum = (name: string): number =>
    result.features.reduce((all: number, { properties }: Feature) => all + properties![name], 0);
  expect(sum('count')).toBe(20_000);
  const people = features.features.reduce((all, { properties }) => all + properties!.population, 0);
  expect(sum('sum_population')).toBe(people);
  const counted = await inPostgis(async (client) => {
    await load(client, 'cells', result);
    await load(client, 'places', features);
    const sql = `select c.n, count(p.n)::int as count from cells c left join places p on st_intersects(c.geom, p.geom)
                  group by c.n order by c.n`;
    return (await client.query<{ count: number }>(sql)).rows.map(({ count }) => count);
  });
  // An edge is the shortest way on the ground, and drawn straight: beside it a city may be on the other side.
  const off = result.features.reduce(
    (all: number, { properties }: Feature, n: number) => all + Math.abs(properties!.count - counted[n]!),
    0,
  );
  expect(off).toBeLessThan(20);
  expect(result.features.length).toBeGreaterThan(4_000);
});

it('cells at the antimeridian and at the poles are drawn where they are', async () => {
  const places = [at(180, 0), at(-179.99, -17), at(12, 90), at(-70, -90), at(100, 89.2), at(7, 46)];
  const { result } = await runProcess(harness, 'h3-binning', { features: collection(places), resolution: 2 });
  expect(result.features).toHaveLength(5);
  for (const { geometry, properties } of result.features) {
    const [lat, lon] = cellToLatLng(properties.h3);
    const [found] = await inPostgis(async (client) => {
      const sql = `select st_isvalid(g) as valid, st_intersects(g, st_point($2, $3)) as holds, st_xmin(g) >= -180 and st_xmax(g) <= 180 as within,
                          st_area(st_segmentize(g, 0.01)::geography) as area from (select st_setsrid(st_geomfromgeojson($1), 0) as g) s`;
      return (await client.query(sql, [JSON.stringify(geometry), lon, lat])).rows;
    });
    expect(found).toMatchObject({ valid: true, holds: true, within: true });
    // On a sphere there, on the spheroid here; edges are straight in the plane.
    expect(found.area / cellArea(properties.h3, 'm2')).toBeGreaterThan(0.97);
    expect(found.area / cellArea(properties.h3, 'm2')).toBeLessThan(1.03);
  }
});

it('a projected system is brought to longitude and latitude, and what is nowhere counts nowhere', async () => {
  const crs = { type: 'name', properties: { name: 'EPSG:3857' } };
  const features = [at(779236.435552915, 5780349.220256351, { a: 1 }), at(779236, 5780349, { a: 'x' })];
  const nowhere = { type: 'Feature', properties: { a: 5 }, geometry: null } as unknown as Feature;
  const { result } = await runProcess(harness, 'h3-binning', {
    features: { ...collection([...features, nowhere]), crs },
    resolution: 8,
    attribute: 'a',
  });
  const { result: same } = await runProcess(harness, 'h3-binning', { features: at(7, 46), resolution: 8 });
  expect(result.crs).toBeUndefined();
  expect(result.features).toMatchObject([{ id: same.features[0].id, properties: { count: 2, sum_a: 1 } }]);
});
