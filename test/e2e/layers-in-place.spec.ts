import type { FeatureCollection } from 'geojson';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withClient } from '../../launcher/private-cluster.ts';
import { startServer, type TestServer } from '../support/app.js';
import { executeSync, post, statusOf, submit, untilFinished } from '../support/ogc-client.js';

const root = resolve(import.meta.dirname, '../..');
const POINTS = 30_000;

/** Tables of awkward content, each with one row that is sound. */
const AWKWARD: Record<string, { geometry: string; says: RegExp }> = {
  nan: { geometry: `st_makepoint('NaN', 1)`, says: /feature 2 has a coordinate that is no finite number/ },
  infinite: {
    geometry: `st_makeline(st_makepoint(0, 0), st_makepoint('Infinity', 1))`,
    says: /feature 2 has a coordinate that is no finite number/,
  },
  nan_ring: {
    geometry: `st_makepolygon(st_makeline(array[st_makepoint(0, 0), st_makepoint(1, 'NaN'), st_makepoint(1, 1), st_makepoint(0, 0)]))`,
    says: /feature 2 has a coordinate that is no finite number/,
  },
};

let folder: string;
let server: TestServer;
const sql = (statement: string, values: unknown[] = []): Promise<{ rows: any[] }> =>
  withClient(server.database.url, (client) => client.query(statement, values));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'honua-in-place-'));
  cpSync(join(root, 'processes'), join(folder, 'processes'), { recursive: true });
  for (const id of ['buffer', 'dissolve', 'union']) {
    const text = readFileSync(join(root, `processes/${id}.yaml`), 'utf8');
    writeFileSync(
      join(folder, `processes/${id}.yaml`),
      text.replace('[in-process, postgis]', '[postgis, in-process]'),
    );
  }
  writeFileSync(
    join(folder, 'mask.geojson'),
    JSON.stringify({
      type: 'FeatureCollection',
      crs: { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::3857' } },
      features: [
        {
          type: 'Feature',
          properties: {},
          geometry: {
            type: 'Polygon',
            coordinates: [
              [
                [0, 0],
                [1000, 0],
                [1000, 1000],
                [0, 1000],
                [0, 0],
              ],
            ],
          },
        },
      ],
    }),
  );
  const tables = [
    'points',
    'gaps',
    'odd',
    'broken',
    'keyless',
    'seen',
    'parted',
    'degrees',
    ...Object.keys(AWKWARD),
    'huge',
    'hollow',
  ];
  server = await startServer({
    Processing__ProcessesFolder: join(folder, 'processes'),
    ...Object.fromEntries(
      tables.flatMap((table) => [
        [`Layers__${table}__provider`, 'postgis'],
        [`Layers__${table}__table`, table],
      ]),
    ),
    Layers__mask__provider: 'geojson',
    Layers__mask__path: join(folder, 'mask.geojson'),
  });
  await sql(`
    create table points (gid int primary key, kind text, geom geometry(Point, 3857));
    insert into points select n, 'k' || n % 7, st_setsrid(st_makepoint(n % 200 * 100, n / 200 * 100), 3857)
      from generate_series(1, ${POINTS}) n;
    create index on points using gist (geom);
    create table gaps (gid int primary key, geom geometry(Point, 3857));
    insert into gaps select gid * 2, geom from points;
    create table odd (name text primary key, "a ""b" int, geom geometry(Polygon, 3857));
    insert into odd values ('b', 1, 'srid=3857;polygon((0 0, 10 0, 10 10, 0 10, 0 0))'),
                           ('a', 2, 'srid=3857;polygon((5 0, 15 0, 15 10, 5 10, 5 0))');
    create table broken (gid int primary key, geom geometry(Polygon, 3857));
    insert into broken values (1, 'srid=3857;polygon((0 0, 10 0, 10 10, 0 10, 0 0))'),
                              (2, 'srid=3857;polygon((20 0, 30 10, 30 0, 20 10, 20 0))');
    create table keyless (kind text, geom geometry(Point, 3857));
    insert into keyless select 'k', st_setsrid(st_makepoint(n * 100, 0), 3857) from generate_series(1, 50) n;
    create view seen as select gid, kind, geom from points where gid <= 50;
    create table parted (gid int, kind text, geom geometry(Point, 3857)) partition by range (gid);
    create table parted_1 partition of parted for values from (1) to (26);
    create table parted_2 partition of parted for values from (26) to (51);
    insert into parted select gid, kind, geom from points where gid <= 50;
    create table degrees (gid int primary key, geom geometry(Point, 4326));
    insert into degrees values (1, 'srid=4326;point(7.4 46.9)');
    create table huge (gid int primary key, geom geometry(Polygon, 3857));
    insert into huge values (1, 'srid=3857;polygon((0 0, 1e308 0, 1e308 1e308, 0 1e308, 0 0))');
    create table hollow (gid int primary key, geom geometry(Polygon, 3857));
    insert into hollow values (1, 'srid=3857;polygon empty'), (2, null),
                              (3, 'srid=3857;polygon((0 0, 1 0, 1 1, 0 1, 0 0))')`);
  for (const [table, { geometry }] of Object.entries(AWKWARD))
    await sql(`create table ${table} (gid int primary key, geom geometry(Geometry, 3857));
      insert into ${table} values (1, 'srid=3857;polygon((0 0, 1 0, 1 1, 0 1, 0 0))'), (2, st_setsrid(${geometry}, 3857))`);
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const named = (layer: string, selection: object = {}): object => ({ layerReference: layer, ...selection });

const compute = async (process: string, inputs: Record<string, unknown>): Promise<FeatureCollection> =>
  (await executeSync(server.url, process, { inputs })) as never;

const lastRun = (): Promise<any> =>
  withClient(server.database.superUrl, async (client) => {
    const { rows } = await client.query(
      'select id, tier, decision, input from process_runs order by id desc limit 1',
    );
    return rows[0];
  });

/** What the ledger has of the last run. */
const lastEvent = async (kind: string): Promise<any> => {
  const { id } = await lastRun();
  const { ledger } = (await (await fetch(`${server.url}/admin/runs/${id}`)).json()) as { ledger: any[] };
  return ledger.find((event) => event.kind === kind).data;
};

describe('a table', () => {
  it('is worked on where it is, also with more features than a request may send', async () => {
    const sent = { type: 'FeatureCollection', features: Array.from({ length: 10_001 }, () => null) };
    expect((await post(server.url, 'buffer', { inputs: { features: sent, distance: 1 } })).status).toBe(413);
    const { features } = await compute('buffer', { features: named('points'), distance: 10 });
    expect(features).toHaveLength(POINTS);
    expect(features[0]).toMatchObject({ id: 1, properties: { kind: 'k1' } });
    const run = await lastRun();
    expect(run).toMatchObject({
      tier: 'postgis',
      decision: { measured: { features: POINTS, vertices: POINTS } },
    });
    expect(run.input.references[0].layer).toMatchObject({
      id: 'points',
      inPlace: {
        crs: 'EPSG:3857',
        geometryTypes: ['Point'],
        snapshot: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    });
    expect(run.input.references[0].size).toBeLessThan(1000);
  });

  it('of which a part is wanted gives that part', async () => {
    const { features } = await compute('buffer', {
      features: named('points', { filter: { kind: ['k1'], gid: { '<': 30 } }, fields: ['gid'] }),
      distance: 10,
    });
    expect(features.map(({ id, properties }) => [id, properties])).toEqual(
      [1, 8, 15, 22, 29].map((gid) => [gid, { gid }]),
    );
    expect((await lastRun()).decision.measured.features).toBe(5);
  });

  it.each([
    ['points', 1],
    ['gaps', 2],
  ])('is counted without gaps, whatever its keys are, as procedures expect: %s', async (table, factor) => {
    const { features } = await compute('interpolate-idw', {
      features: named(table, { fields: ['gid'] }),
      valueField: 'gid',
      extent: { bbox: [-50, -50, 950, 950], crs: 'EPSG:3857' },
      cellSize: 500,
      neighbours: 1,
    });
    expect((await lastRun()).tier).toBe('postgis');
    const values = features.map(({ properties }) => properties!.interpolated_value);
    expect(values).toEqual([402, 1402, 407, 1407].map((gid) => gid * factor));
  });

  it.each(['seen', 'parted', 'keyless'])(
    'may be a view, in partitions or without a key: %s',
    async (layer) => {
      const { features } = await compute('buffer', { features: named(layer), distance: 10 });
      expect(features).toHaveLength(50);
      expect((await lastRun()).tier).toBe('postgis');
    },
  );

  it('keeps its keys and its names, whatever they are', async () => {
    const { features } = await compute('buffer', { features: named('odd'), distance: 1 });
    const told = features.map(({ id, properties }) => [id, properties]);
    expect(told).toEqual(
      expect.arrayContaining([
        ['a', { 'a "b': 2 }],
        ['b', { 'a "b': 1 }],
      ]),
    );
  });

  it('is an overlay as well, of features that are sent along', async () => {
    const overlay = {
      crs: { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::3857' } },
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [7, 0],
          [7, 10],
          [0, 10],
          [0, 0],
        ],
      ],
    };
    const { features } = await compute('intersection', { features: overlay, overlay: named('odd') });
    expect(features).toHaveLength(1);
    expect((await lastRun()).tier).toBe('postgis');
  });

  it('has its broken shapes repaired for the run, and is not changed', async () => {
    const { features } = await compute('union', { features: named('broken') });
    expect(features).toHaveLength(1);
    const { messages } = await lastEvent('succeeded');
    expect(messages).toContainEqual(
      expect.objectContaining({ text: expect.stringMatching(/^1 invalid geometries .* feature 2$/) }),
    );
    expect((await sql('select count(*) from broken where not st_isvalid(geom)')).rows[0].count).toBe('1');
  });

  it('that was sound has shapes repaired that were broken since', async () => {
    const features = named('broken');
    await sql(`update broken set geom = 'srid=3857;polygon((20 0, 30 0, 30 10, 20 0))' where gid = 2`);
    for (let run = 0; run < 2; run++) {
      const { features: sound } = await compute('union', { features });
      expect(sound[0]!.geometry).toMatchObject({ type: 'MultiPolygon', coordinates: [{}, {}] });
    }
    await sql(`update broken set geom = 'srid=3857;polygon((20 0, 30 10, 30 0, 20 10, 20 0))' where gid = 2`);
    const { features: united } = await compute('union', { features });
    expect((await lastRun()).tier).toBe('postgis');
    // Two triangles of the bow tie and the square, where tier 2 would fail on what is invalid.
    expect(united[0]!.geometry).toMatchObject({ type: 'MultiPolygon', coordinates: [{}, {}, {}] });
  });

  it('is known by another snapshot after every write, and by the same without one', async () => {
    const snapshot = async (): Promise<string> => {
      await compute('buffer', { features: named('odd'), distance: 1 });
      return (await lastRun()).input.references[0].layer.inPlace.snapshot;
    };
    const before = await snapshot();
    expect(await snapshot()).toBe(before);
    await sql(`update odd set "a ""b" = "a ""b" where name = 'a'`);
    expect(await snapshot()).not.toBe(before);
  });
});

describe('where PostGIS does not do it', () => {
  it('the table is read out for the next tier, with the reason on the run', async () => {
    const { features } = await compute('buffer', { features: named('degrees'), distance: 1000 });
    expect(features).toHaveLength(1);
    expect((await lastRun()).tier).toBe('in-process');
    expect(await lastEvent('fell-back')).toMatchObject({
      tier: 'in-process',
      reason: expect.stringContaining('on the globe'),
    });
  });

  it('the table is read out too where another layer is elsewhere', async () => {
    const { features } = await compute('intersection', { features: named('odd'), overlay: named('mask') });
    expect(features).toHaveLength(2);
    expect(await lastRun()).toMatchObject({ tier: 'in-process', decision: { tiers: ['in-process'] } });
  });

  it('more than tier 1 takes is a failure that says so', async () => {
    const job = await submit(server.url, 'dissolve', {
      inputs: { features: named('points'), by: 'kind', minimumArea: 1 },
    });
    expect(await untilFinished(job)).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('10000'),
    });
  });
});

describe('awkward content of a table', () => {
  it.each(Object.entries(AWKWARD))(
    '%s is told, on the whole table and on a part',
    async (table, { says }) => {
      for (const selection of [{}, { filter: { gid: { '>': 0 } } }]) {
        const job = await submit(server.url, 'buffer', {
          inputs: { features: named(table, selection), distance: 1 },
        });
        expect(await untilFinished(job)).toMatchObject({
          status: 'failed',
          message: expect.stringMatching(says),
        });
      }
      expect((await sql('select 1 as alive')).rows).toHaveLength(1);
    },
  );

  it('of 1e308 is a result or a failure with its reason, and nothing is the worse for it', async () => {
    for (const process of ['buffer', 'union', 'dissolve']) {
      const inputs = { features: named('huge'), ...(process === 'buffer' && { distance: 1 }) };
      const { status, message } = await untilFinished(await submit(server.url, process, { inputs }));
      expect(['successful', 'failed'], process).toContain(status);
      if (status === 'failed') expect(message, process).toBeTruthy();
      expect((await sql('select 1 as alive')).rows, process).toHaveLength(1);
    }
  });

  it('that is empty or null is a feature without a shape', async () => {
    const { features } = await compute('buffer', { features: named('hollow'), distance: 1 });
    expect(features.map(({ geometry }) => geometry?.type ?? null)).toEqual([null, null, 'Polygon']);
  });
});

it('leaves nothing behind, and the role of tier 2 reads no table by itself', async () => {
  await compute('buffer', { features: named('points', { filter: { gid: 1 } }), distance: 1 });
  const left = await withClient(server.database.superUrl, async (client) => {
    const { rows } = await client.query(`select relname from pg_class where relname like 'input\\_%'`);
    await client.query('set role honua_tier2');
    await expect(client.query('select from public.points')).rejects.toThrow('permission denied');
    await expect(client.query(`select honua_gp.check_features('x', 'accept')`)).rejects.toThrow(
      'permission denied',
    );
    return rows;
  });
  expect(left).toEqual([]);
});

it('a job of a table is retried on the table', async () => {
  const job = await submit(server.url, 'buffer', { inputs: { features: named('odd'), distance: 1 } });
  await untilFinished(job);
  const retried = await fetch(`${job.replace('/jobs/', '/admin/runs/')}/retry`, { method: 'POST' });
  expect(retried.status).toBe(201);
  const { id } = (await retried.json()) as { id: string };
  const again = `${server.url}/jobs/${id}`;
  await untilFinished(again);
  expect(await statusOf(again)).toMatchObject({ status: 'successful', executedTier: 'postgis' });
});
