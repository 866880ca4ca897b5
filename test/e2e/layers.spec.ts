import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { FeatureCollection } from 'geojson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withClient } from '../../launcher/private-cluster.ts';
import { startServer, type TestServer } from '../support/app.js';
import { askWell, gp } from '../support/esri-client.js';
import { writeGeopackage, writeShapefile } from '../support/feature-files.js';
import { executeSync, post, submit, untilFinished } from '../support/ogc-client.js';
import { planarArea } from '../support/planar-area.js';
import { counties } from '../support/real-data.js';

const root = resolve(import.meta.dirname, '../..');
const INJECTIONS = [
  `states'; drop table states; --`,
  `states" union select * from process_runs --`,
  `states\u0000`,
  '../states',
  'public.states',
  '__proto__',
  'constructor',
  '%73tates',
  '$1',
  '',
];

let folder: string;
let server: TestServer;
const western = (): FeatureCollection => {
  const { features } = counties();
  return {
    type: 'FeatureCollection',
    features: features.filter(({ properties }) => ['08', '49'].includes(properties!.state)),
  };
};

/** The process, changed. */
const variant = (id: string, change: (text: string) => string): void => {
  const text = readFileSync(join(root, 'processes/dissolve.yaml'), 'utf8').replace(
    'id: dissolve',
    `id: ${id}`,
  );
  writeFileSync(join(folder, `processes/${id}.yaml`), change(text));
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'honua-layers-'));
  cpSync(join(root, 'processes'), join(folder, 'processes'), { recursive: true });
  variant('dissolve-postgres', (text) => text.replace('estimatedCostUnits: 2', '$&, requiresPostgres: true'));
  variant('dissolve-copied', (text) =>
    text
      .replace('[in-process, postgis]', '[postgis, in-process]')
      .replace(/^version: .*$/m, '$&\nallowMaterialization: true'),
  );
  variant('dissolve-there', (text) => text.replace('[in-process, postgis]', '[postgis, in-process]'));
  writeFileSync(join(folder, 'file.geojson'), JSON.stringify(western()));
  writeGeopackage(join(folder, 'a.gpkg'), western(), 4326);
  await writeShapefile(join(folder, 'a.zip'), western());
  server = await startServer({
    Processing__ProcessesFolder: join(folder, 'processes'),
    Layers__states__provider: 'postgis',
    Layers__states__table: 'Some "states"',
    Layers__file__provider: 'geojson',
    Layers__file__path: join(folder, 'file.geojson'),
    Layers__geopackage__provider: 'geopackage',
    Layers__geopackage__path: join(folder, 'a.gpkg'),
    Layers__shapefile__provider: 'shapefile',
    Layers__shapefile__path: join(folder, 'a.zip'),
    Layers__shapefile__table: 'POLYGON',
    Layers__secret__provider: 'postgis',
    Layers__secret__table: 'Some "states"',
    Layers__secret__tenants: 'somebody-else',
    Layers__gone__provider: 'postgis',
    Layers__gone__table: 'no_such_table',
  });
  await withClient(server.database.url, async (client) => {
    await client.query(
      `create table "Some ""states""" (gid int primary key, state text, "odd ""name" text, geom geometry(Geometry, 4326))`,
    );
    await client.query(
      `insert into "Some ""states"""
         select n, f -> 'properties' ->> 'state', 'x', st_geomfromgeojson(f ->> 'geometry')
           from jsonb_array_elements($1) with ordinality r (f, n)`,
      [JSON.stringify(western().features)],
    );
  });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const layer = (id: string): Record<string, unknown> => ({ features: { layerReference: id }, by: 'state' });

/** What was decided of the last run. */
const lastRun = (): Promise<{ tier: string; decision: { tiers: string[]; rejectedTiers: object[] } }> =>
  withClient(server.database.superUrl, async (client) => {
    const { rows } = await client.query('select tier, decision from process_runs order by id desc limit 1');
    return rows[0];
  });

const areas = ({ features }: FeatureCollection): Record<string, number> =>
  Object.fromEntries(
    features.map(({ properties, geometry }) => [properties!.state, Number(planarArea(geometry).toFixed(9))]),
  );
const dissolve = async (process: string, inputs: object): Promise<FeatureCollection> =>
  (await executeSync(server.url, process, { inputs: inputs as Record<string, unknown> })) as never;

describe('a layer in PostgreSQL', () => {
  it('goes to the tier that is where it is, with the result of the same features sent along', async () => {
    const inline = await dissolve('dissolve', { features: western(), by: 'state' });
    expect((await lastRun()).tier).toBe('in-process');
    const result = await dissolve('dissolve', layer('states'));
    expect(areas(result)).toEqual(areas(inline));
    expect(await lastRun()).toMatchObject({
      tier: 'postgis',
      decision: { tiers: ['postgis', 'in-process'] },
    });
  });

  it('is taken over GeoServices REST too', async () => {
    const parameters = new URLSearchParams({
      f: 'json',
      Input_Features: JSON.stringify({ layerReference: 'states' }),
      By: 'state',
    });
    const response = await fetch(
      `${server.url}/arcgis/rest/services/GP/GPServer/dissolve/execute?${parameters.toString()}`,
    );
    const { results } = (await response.json()) as { results: any[] };
    expect(results[0].value.features).toHaveLength(2);
    expect((await lastRun()).tier).toBe('postgis');
  });

  it('has its other columns as attributes and its key as the id of its features', async () => {
    const valid = (await executeSync(server.url, 'make-valid', {
      inputs: { features: { layerReference: 'states' } },
    })) as unknown as FeatureCollection;
    expect(valid.features[0]).toMatchObject({ id: 1, properties: { state: '08', 'odd "name': 'x' } });
  });

  it('is in the ledger and in the provenance of the run by its name and the hash of what was read', async () => {
    const run = async (): Promise<string> => {
      const job = await submit(server.url, 'dissolve-there', { inputs: layer('states') });
      await untilFinished(job);
      return job;
    };
    const snapshotOf = async (job: string): Promise<string> => {
      const { entity } = (await (await fetch(`${job}/provenance`)).json()) as { entity: any };
      expect(entity['honua:reference-0']['prov:location']).toEqual({ $: 'layer:states', type: 'xsd:anyURI' });
      return entity['honua:reference-0']['honua:sha256'];
    };
    const first = await run();
    const told = await fetch(`${server.url}/admin/runs/${first.split('/').at(-1)}`);
    const { ledger } = (await told.json()) as { ledger: { kind: string; data: any }[] };
    const { references } = ledger.find(({ kind }) => kind === 'accepted')!.data.input;
    const sha256 = await snapshotOf(first);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(references).toEqual([expect.objectContaining({ href: 'layer:states', sha256 })]);
    // The same data is the same snapshot, other data is another.
    expect(await snapshotOf(await run())).toBe(sha256);
    await withClient(server.database.url, (client) =>
      client.query(`update "Some ""states""" set "odd ""name" = 'y' where gid = 1`),
    );
    expect(await snapshotOf(await run())).not.toBe(sha256);
  });

  it('that cannot be read is no fault of the caller, and told without its table', async () => {
    const response = await post(server.url, 'dissolve', { inputs: layer('gone') });
    expect(response.status).toBe(503);
    expect(await response.text()).not.toContain('no_such_table');
  });
});

describe('a layer elsewhere', () => {
  const REASON = 'Tier 2 (PostGIS) unavailable for non-PostgreSQL source';

  it.each(['file', 'geopackage', 'shapefile'])(
    'falls back to in-process, with the reason on the run: %s',
    async (id) => {
      const result = await dissolve('dissolve-there', layer(id));
      expect(Object.keys(areas(result)).sort()).toEqual(['08', '49']);
      expect(await lastRun()).toMatchObject({
        tier: 'in-process',
        decision: { tiers: ['in-process'], rejectedTiers: [{ tier: 'postgis', reason: REASON }] },
      });
    },
  );

  it.each([
    ['file', 'geojson'],
    ['geopackage', 'geopackage'],
    ['shapefile', 'shapefile'],
  ])('is refused where the process needs PostgreSQL: %s', async (id, provider) => {
    const response = await post(server.url, 'dissolve-postgres', { inputs: layer(id) });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      detail: `Process 'dissolve-postgres' requires PostgreSQL data source. Layer '${id}' uses ${provider} provider.`,
    });
    await dissolve('dissolve-postgres', layer('states'));
    expect((await lastRun()).tier).toBe('postgis');
  });

  it.each(['file', 'geopackage', 'shapefile'])(
    'is copied into a table of the session where the process allows it: %s',
    async (id) => {
      const inProcess = await dissolve('dissolve', layer(id));
      expect((await lastRun()).tier).toBe('in-process');
      expect(areas(await dissolve('dissolve-copied', layer(id)))).toEqual(areas(inProcess));
      expect((await lastRun()).tier).toBe('postgis');
      const left = await withClient(server.database.superUrl, (client) =>
        client.query(`select from pg_class where relname like 'input\\_%'`),
      );
      expect(left.rowCount).toBe(0);
    },
  );
});

it('what PostGIS does not do goes to the tier that does, with the reason', async () => {
  const inputs = { ...layer('states'), minimumArea: 1e20 };
  const found = await dissolve('dissolve-there', inputs);
  expect(found.features.map(({ geometry }) => geometry)).toEqual(found.features.map(() => null));
  expect((await lastRun()).tier).toBe('in-process');
});

describe('a name that is none', () => {
  it.each(['nowhere', 'secret', ...INJECTIONS])('%j is refused, and nothing is changed', async (id) => {
    const response = await post(server.url, 'dissolve', { inputs: layer(id) });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      detail: expect.stringMatching(/^\/inputs\/features: There is no layer /),
    });
    const { rowCount } = await withClient(server.database.url, (client) =>
      client.query('select from "Some ""states"""'),
    );
    expect(rowCount).toBe(western().features.length);
  });

  it('in a field name of a process is only a name', async () => {
    for (const by of INJECTIONS.slice(0, 2)) {
      const response = await post(server.url, 'dissolve', { inputs: { ...layer('states'), by } });
      expect(response.status).toBe(400);
      expect(await response.text()).toContain('no feature has the attribute');
    }
  });
});

describe('the list of layers', () => {
  const get = async (
    path: string,
    accept = 'application/json',
  ): Promise<{ status: number; text: string; body: any }> => {
    const reply = await fetch(server.url + path, { headers: { accept } });
    const body = await reply.text();
    const json = reply.headers.get('content-type')?.includes('json');
    return { status: reply.status, text: body, body: json ? JSON.parse(body) : undefined };
  };

  it('has those that the caller may see, for programs and for people', async () => {
    const { body } = await get('/layers');
    expect(body.layers.map(({ id, provider }: any) => [id, provider])).toEqual([
      ['file', 'geojson'],
      ['geopackage', 'geopackage'],
      ['gone', 'postgis'],
      ['shapefile', 'shapefile'],
      ['states', 'postgis'],
    ]);
    expect(JSON.stringify(body)).not.toContain(folder);
    const page = await get('/layers', 'text/html');
    expect(page.text).toContain('/layers/states"');
    expect(page.text).not.toContain('secret');
  });

  it.each(['states', 'file', 'geopackage'])('tells what %s holds', async (id) => {
    const { features } = western();
    const { body } = await get(`/layers/${id}`);
    expect(body).toMatchObject({ id, featureCount: features.length, snapshot: expect.any(String) });
    expect(body.geometryTypes).toContain('Polygon');
    expect(body.bbox[0]).toBeCloseTo(-114.05, 1);
    expect(body.fields.map(({ name }: any) => name)).toContain('state');
    const page = await get(`/layers/${id}`, 'text/html');
    expect(page.text).toContain(`data-features="/layers/${id}/items?limit=500"`);
    const items = await get(`/layers/${id}/items?limit=3&fields=state&bbox=-110,39,-105,40`);
    expect(items.body.features).toHaveLength(3);
    expect(Object.keys(items.body.features[0].properties)).toEqual(['state']);
  });

  it('what is not there, cannot be read, or is wrongly asked for is said', async () => {
    for (const path of ['/layers/nowhere', '/layers/secret', '/layers/nowhere/items', '/layers/secret/items'])
      expect((await get(path)).status, path).toBe(404);
    for (const path of ['/layers/gone', '/layers/gone/items'])
      expect((await get(path)).status, path).toBe(503);
    for (const query of [
      'bbox=1,2,3',
      'bbox=a,b,c,d',
      'fields=nothing',
      'filter=state',
      'filter={"x":1}',
      'limit=0',
    ])
      for (const id of ['states', 'file']) {
        const { status, body } = await get(`/layers/${id}/items?${query}`);
        expect([status, body.faults?.[0]?.path], `${id} ${query}`).toEqual([
          400,
          expect.stringMatching(/^\?/),
        ]);
      }
  });
});

describe('a selection', () => {
  const named = (id: string, selection: object): Record<string, unknown> => ({
    features: { layerReference: id, ...selection },
    by: 'state',
  });

  it.each(['states', 'file', 'geopackage'])(
    'of %s is what is computed with, over both protocols',
    async (id) => {
      const selection = { filter: { state: ['08'] }, bbox: [-105.5, 39, -104.5, 40], fields: ['state'] };
      const result = await dissolve('dissolve-there', named(id, selection));
      expect(result.features.map(({ properties }) => properties)).toEqual([{ state: '08' }]);
      const { results } = await askWell(gp(server.url, 'dissolve_there/execute'), {
        Input_Features: JSON.stringify({ layerReference: id, ...selection }),
        By: 'state',
      });
      expect(results[0].value.features).toHaveLength(1);
      const whole = await dissolve('dissolve-there', named(id, { filter: { state: '08' } }));
      expect(planarArea(result.features[0]!.geometry)).toBeLessThan(
        planarArea(whole.features[0]!.geometry) / 2,
      );
      const none = await dissolve('dissolve-there', named(id, { filter: { state: { '>': '90' } } }));
      expect(none.features).toEqual([]);
    },
  );

  it('that does not fit is told with the place in the request', async () => {
    for (const [selection, path] of [
      [{ fields: ['nothing'] }, '/inputs/features/fields'],
      [{ filter: { nothing: 1 } }, '/inputs/features/filter/nothing'],
      [{ filter: { gid: 'no number' } }, '/inputs/features/filter'],
      [{ filter: { state: { like: '%' } } }, '/inputs/features/filter/state/like'],
      [{ where: '1 = 1' }, '/inputs/features/where'],
    ] as const) {
      const reply = await post(server.url, 'dissolve-there', { inputs: named('states', selection) });
      expect(reply.status).toBe(400);
      const { faults } = (await reply.json()) as { faults: { path: string }[] };
      expect(faults[0]!.path).toBe(path);
    }
  });

  it.each([...INJECTIONS, `' or '1' = '1`, `1; select pg_sleep(5)`, `\\'; drop schema honua_gp cascade; --`])(
    'with %j in a value, a field or an attribute changes nothing and reads nothing else',
    async (text) => {
      const before = Date.now();
      const value = await post(server.url, 'dissolve-there', {
        inputs: named('states', { filter: { state: text } }),
      });
      if (text.includes('\u0000')) expect(value.status).toBe(400);
      else expect(((await value.json()) as FeatureCollection).features).toEqual([]);
      for (const selection of [{ filter: { [text]: 1 } }, { fields: [text] }]) {
        const reply = await post(server.url, 'dissolve-there', { inputs: named('states', selection) });
        expect(reply.status).toBe(400);
      }
      expect(Date.now() - before).toBeLessThan(4_000);
      expect(await countOfStates()).toBe(western().features.length);
    },
  );
});

const countOfStates = async (): Promise<number> =>
  ((await (await fetch(`${server.url}/layers/states`)).json()) as { featureCount: number }).featureCount;
