/** The shipped real data through the whole service, against PostGIS on the same data. */
import type { Feature, FeatureCollection } from 'geojson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withClient } from '../../launcher/private-cluster.ts';
import { startServer, type TestServer } from '../support/app.js';
import { executeAsync, executeSync } from '../support/ogc-client.js';
import { cities, counties, countries } from '../support/real-data.js';

const CLOSE = 1e-6;
/** What takes half a minute alone, on a machine that does other things too. */
const BUSY = 180_000;

let server: TestServer;
beforeAll(async () => {
  // What is asked here is whether the answers are right, on a machine that may be busy; bench/ asks how long they take.
  server = await startServer({ ResourceClasses__CpuBurst__MaxExecutionTime: '3m' });
});
afterAll(() => server.close());

const resultOf = (outputs: Record<string, unknown>): FeatureCollection => {
  const output = outputs.result as { value?: FeatureCollection } & FeatureCollection;
  return output.value ?? output;
};

/** Puts features into a table `name (id, state, geom)`, repaired as the service repairs them: areas stay areas, and what
 * has none (Vatican City here is a spike) stays the line it is. */
async function loadTable(name: string, { features }: FeatureCollection): Promise<void> {
  await withClient(server.database.superUrl, async (client) => {
    await client.query(`create table ${name} (id int, state text, geom geometry)`);
    await client.query(
      `insert into ${name}
       select (value->>'n')::int, value->>'state',
              case when st_isempty(st_makevalid(shape, 'method=structure keepcollapsed=false'))
                   then st_makevalid(shape, 'method=linework')
                   else st_makevalid(shape, 'method=structure keepcollapsed=false') end
       from jsonb_array_elements($1::jsonb), st_geomfromgeojson(value->'geometry') shape`,
      [
        JSON.stringify(
          features.map((one, n) => ({ n, state: one.properties?.state, geometry: one.geometry })),
        ),
      ],
    );
  });
}

async function areasByPostgis(sql: string, values: unknown[] = []): Promise<Map<string, number>> {
  return withClient(server.database.superUrl, async (client) => {
    const { rows } = await client.query<{ key: string; area: number }>(sql, values);
    return new Map(rows.map(({ key, area }) => [key, area]));
  });
}

/** Planar areas of result features, measured by PostGIS. */
const areasOf = (
  features: Feature[],
  key: (one: Feature, n: number) => string,
): Promise<Map<string, number>> =>
  areasByPostgis(
    `select value->>'key' as key, st_area(st_geomfromgeojson(value->'geometry')) as area from jsonb_array_elements($1::jsonb)`,
    [JSON.stringify(features.map((one, n) => ({ key: key(one, n), geometry: one.geometry })))],
  );

function expectSameAreas(found: Map<string, number>, wanted: Map<string, number>): void {
  expect([...found.keys()].sort()).toEqual([...wanted.keys()].sort());
  for (const [key, area] of wanted) {
    expect(Math.abs(found.get(key)! - area) / area, `area of ${key}`).toBeLessThan(CLOSE);
  }
}

describe('3,231 counties', () => {
  it.each([
    ['at once', executeSync],
    ['as a job', executeAsync],
  ])('dissolve by state %s: one feature a state, areas as PostGIS has them', async (_how, execute) => {
    const shapes = counties();
    expect(shapes.features).toHaveLength(3231);
    const inputs = { features: shapes, by: 'state' };
    const { features } = resultOf(await execute(server.url, 'dissolve', { inputs, response: 'document' }));
    const table = `counties_${_how.replaceAll(' ', '_')}`;
    await loadTable(table, shapes);
    const wanted = await areasByPostgis(
      `select state as key, st_area(st_union(geom)) as area from ${table} group by state`,
    );
    expectSameAreas(await areasOf(features, (one) => String(one.properties!.state)), wanted);
  });
});

it('10,000 cities buffered by 5 km cover on the ellipsoid what a circle of 5 km covers', async () => {
  const shapes = cities(10_000);
  const inputs = { features: shapes, distance: 5_000 };
  const { features } = resultOf(await executeAsync(server.url, 'buffer', { inputs, response: 'document' }));
  expect(features.map(({ id, properties }) => ({ id, properties }))).toEqual(
    shapes.features.map(({ id, properties }) => ({ id, properties })),
  );
  const areas = await areasByPostgis(
    `select value->>'id' as key, st_area(st_geomfromgeojson(value->'geometry')::geography) as area
     from jsonb_array_elements($1::jsonb)`,
    [JSON.stringify(features)],
  );
  const circle = Math.PI * 5_000 ** 2;
  for (const [id, area] of areas) expect(Math.abs(area - circle) / circle, id).toBeLessThan(0.005);
});

describe('255 countries', { timeout: BUSY }, () => {
  const shapes = countries();

  it('buffered by 10 km on the ellipsoid keep count, order, ids and attributes, and only grow', async () => {
    const inputs = { features: shapes, distance: { value: 10, unit: 'kilometers' } };
    const { features } = resultOf(await executeSync(server.url, 'buffer', { inputs, response: 'document' }));
    expect(features.map(({ id, properties }) => ({ id, properties }))).toEqual(
      shapes.features.map(({ id, properties }) => ({ id, properties })),
    );
    const before = await areasOf(shapes.features, (_one, n) => String(n));
    const after = await areasOf(features, (_one, n) => String(n));
    for (const [key, area] of after) {
      // Fiji's rings jump from 180 to -180: read in a plane, they enclose the whole globe.
      if (features[Number(key)]!.properties!.name === 'Fiji') continue;
      expect(area, key).toBeGreaterThan(before.get(key)!);
    }
  });

  it('buffered in a plane have the areas PostGIS has', async () => {
    const plane = {
      ...shapes,
      crs: { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::3857' } },
    };
    // The coordinates are taken as they are: only the plane matters here.
    const inputs = { features: plane, distance: 0.1, segments: 16 };
    const { features } = resultOf(await executeAsync(server.url, 'buffer', { inputs, response: 'document' }));
    await loadTable('countries', shapes);
    const wanted = await areasByPostgis(
      `select id::text as key, st_area(st_buffer(geom, 0.1, 16)) as area from countries`,
    );
    expectSameAreas(await areasOf(features, (_one, n) => String(n)), wanted);
  });
});
