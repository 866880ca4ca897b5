import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Feature, FeatureCollection, Geometry, LineString, MultiPolygon, Polygon } from 'geojson';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withClient } from '../../launcher/private-cluster.ts';
import type { Attempt, Outcome } from '../../src/execution/index.js';
import { type ProcessDefinition } from '../../src/registry/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { planarArea } from '../support/planar-area.js';
import { cities, counties } from '../support/real-data.js';
import {
  attemptOf,
  outcomeOf,
  outputsOf,
  shippedProcess,
  startInProcessTier,
  startPostgisTier,
  type TierHarness,
} from '../support/tier-harness.js';

let database: TestDatabase;
let postgis: TierHarness;
let inProcess: TierHarness;
beforeAll(async () => {
  database = await createTestDatabase();
  await withClient(database.url, (client) => client.query(PROBES));
  postgis = await startPostgisTier(database.url, {
    Tier2__Classes__LongTail__StatementTimeout: '1s',
    Tier2__Classes__DbHeavy__StatementTimeout: '60s',
  });
  inProcess = await startInProcessTier();
});
afterAll(async () => {
  await postgis.close();
  await inProcess.close();
  await database.drop();
});

/** Procedures that only a test wants. */
const PROBES = `
create function honua_gp.probe(p_request jsonb) returns setof honua_gp.feature
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  case p_request ->> 'does'
    when 'sleep' then perform pg_sleep(600);
    when 'say' then raise notice 'so far so good'; raise warning 'take care';
    when 'overlay' then perform st_intersection('POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))'::geometry,
                                                'POLYGON ((0 0, 1 0, 1 1.5, 0 1, 0 0))'::geometry);
    when 'number' then perform honua_gp.number(p_request, 'number');
    when 'fill' then perform count(*) from generate_series(1, 3000000) a order by 1;
    when 'defect' then perform 1 / 0 from honua_gp.nowhere;
    when 'peek' then perform * from public.process_runs;
    else perform (p_request ->> 'does')::int;
  end case;
end $$;
grant execute on function honua_gp.probe(jsonb) to honua_tier2;`;

const probe = (resourceClass: 'LongTail' | 'DbHeavy' = 'DbHeavy'): ProcessDefinition => ({
  ...shippedProcess('echo.yaml'),
  id: 'probe',
  resourceClass,
  inputs: { does: { ...shippedProcess('echo.yaml').inputs.echo! } },
  outputs: { result: { title: 'Nothing', type: 'features' } },
  handlers: { postgis: { procedure: 'probe' } },
});

const onPostgis = (
  definition: ProcessDefinition,
  inputs: object,
  limits?: Partial<Attempt['limits']>,
): Attempt => ({ ...attemptOf(definition, { inputs }, limits), tier: 'postgis' });

const run = (attempt: Attempt): Promise<Outcome> => outcomeOf(postgis.tier, attempt);

describe('results', () => {
  it('dissolves the counties into states as tier 1 does, with the same words on what it repaired', async () => {
    const inputs = { features: counties(), by: 'state' };
    const dissolve = shippedProcess('dissolve.yaml');
    const theirs = await outputsOf(inProcess, attemptOf(dissolve, { inputs }));
    const outcome = await run(onPostgis(dissolve, inputs));
    if (outcome.kind !== 'succeeded') throw new Error(JSON.stringify(outcome));
    const ours = JSON.parse(
      (await postgis.bytesOf(outcome.outputs[0]!.payload)).toString(),
    ) as FeatureCollection;
    const features = (theirs.result as FeatureCollection).features;
    expect(outcome.outputs[0]).toMatchObject({ id: 'result', features: features.length });
    expect(ours.features.map(({ properties }) => properties)).toEqual(
      features.map(({ properties }) => properties),
    );
    ours.features.forEach(({ geometry }, at) => {
      const area = planarArea(features[at]!.geometry);
      expect(Math.abs(planarArea(geometry) - area)).toBeLessThan(1e-9 * area);
    });
    const counted = ({ messages }: any): string[] => messages.map(({ text }: any) => text.split(':')[0]);
    expect(counted(outcome)).toEqual(
      counted(await outcomeOf(inProcess.tier, attemptOf(dissolve, { inputs }))),
    );
  });

  describe('are those of tier 1, on real data', () => {
    const { features } = counties();
    const state = (...codes: string[]): FeatureCollection => ({
      type: 'FeatureCollection',
      features: features.filter(({ properties }) => codes.includes(properties!.state)),
    });
    // Half a degree to the side, so that nothing meets only along a border.
    const moved = (set: FeatureCollection): FeatureCollection =>
      JSON.parse(
        JSON.stringify(set).replace(
          /\[(-?[\d.]+),(-?[\d.]+)\]/g,
          (_, x, y) => `[${Number(x) + 0.31},${Number(y) + 0.17}]`,
        ),
      );
    const lines = (set: FeatureCollection): FeatureCollection => ({
      ...set,
      features: set.features.map((one) => {
        const { geometry } = one as Feature<Polygon | MultiPolygon>;
        const rings = geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat();
        return {
          ...one,
          geometry: { type: 'MultiLineString', coordinates: rings.map((ring) => ring.slice(2)) },
        };
      }),
    });
    const lengthOf = (geometry: Geometry): number => {
      if (geometry.type === 'MultiLineString')
        return geometry.coordinates.reduce(
          (sum, coordinates) => sum + lengthOf({ type: 'LineString', coordinates }),
          0,
        );
      const { coordinates } = geometry as LineString;
      return coordinates
        .slice(1)
        .reduce((sum, [x, y], i) => sum + Math.hypot(x! - coordinates[i]![0]!, y! - coordinates[i]![1]!), 0);
    };
    const size = ({ geometry }: Feature): number =>
      geometry.type.endsWith('Polygon') ? planarArea(geometry) : lengthOf(geometry);

    it.each([
      ['union', { features: state('08', '49') }],
      ['intersection', { features: state('08'), overlay: moved(state('08', '49')) }],
      ['clip', { features: state('08', '49'), mask: moved(state('08')) }],
      ['clip', { features: lines(state('08')), mask: moved(state('08')) }],
      ['line-merge', { features: lines(state('08')) }],
    ])('%s', async (id, inputs) => {
      const definition = shippedProcess(`${id}.yaml`);
      const [ours, theirs] = await Promise.all([
        outputsOf(postgis, onPostgis(definition, inputs)),
        outputsOf(inProcess, attemptOf(definition, { inputs })),
      ]);
      const told = (set: any): unknown =>
        set.features.map(({ id: name, properties }: Feature) => [name, properties]);
      expect(told(ours.result)).toEqual(told(theirs.result));
      expect(theirs.result.features.length).toBeGreaterThan(0);
      const inOrder = (set: any): number[] => set.features.map(size).sort((a: number, b: number) => a - b);
      const wanted = inOrder(theirs.result);
      inOrder(ours.result).forEach((value, at) =>
        expect(Math.abs(value - wanted[at]!)).toBeLessThanOrEqual(1e-9 * Math.max(1, wanted[at]!)),
      );
    });
  });

  describe('clusters are those of tier 1, feature by feature', () => {
    // The coordinates are taken as they are: only the plane matters here.
    const crs = { type: 'name', properties: { name: 'EPSG:32632' } };
    const some = (set: FeatureCollection, step: number): FeatureCollection => ({
      ...set,
      features: set.features.filter((_, n) => n % step === 0),
    });
    it.each([
      ['cluster-dbscan', 'cities', { distance: 0.3, minPoints: 5 }],
      ['cluster-dbscan', 'cities', { distance: 0, minPoints: 1 }],
      ['cluster-dbscan', 'counties', { distance: 0.2, minPoints: 4 }],
      ['cluster-within', 'cities', { distance: 0.2 }],
      ['cluster-within', 'counties', { distance: 0.1 }],
    ])('%s of %s, %j', async (id, name, parameters) => {
      const data = name === 'cities' ? cities(4_000) : some(counties(), 4);
      const inputs = { features: { ...data, crs }, ...parameters };
      const definition = shippedProcess(`${id}.yaml`);
      const [ours, theirs] = await Promise.all([
        outputsOf(postgis, onPostgis(definition, inputs)),
        outputsOf(inProcess, attemptOf(definition, { inputs })),
      ]);
      const told = ({ features }: any): unknown => features.map(({ properties }: Feature) => properties);
      expect(told(ours.result)).toEqual(told(theirs.result));
      const clusters = new Set(theirs.result.features.map(({ properties }: any) => properties.cluster));
      expect(clusters.size).toBeGreaterThan(10);
    });
  });

  it('keeps attributes, ids and their order, whatever is in them', async () => {
    const features: Feature<Geometry | null>[] = [
      {
        type: 'Feature',
        id: 'ä"\\',
        properties: { z: 1, a: [1.5, { b: null }], '': '\u2028' },
        geometry: null,
      },
      { type: 'Feature', id: 7, properties: null, geometry: { type: 'Point', coordinates: [500000, 5e6] } },
      { type: 'Feature', properties: { nul: 'a\u0000b', half: '\ud800' }, geometry: null },
    ];
    const crs = { type: 'name', properties: { name: 'EPSG:32632' } };
    const inputs = { features: { type: 'FeatureCollection', crs, features }, distance: 10 };
    const [ours, theirs] = await Promise.all([
      outputsOf(postgis, onPostgis(shippedProcess('buffer.yaml'), inputs)),
      outputsOf(inProcess, attemptOf(shippedProcess('buffer.yaml'), { inputs })),
    ]);
    const bare = (set: any): unknown => ({
      ...set,
      features: set.features.map((f: any) => ({ ...f, geometry: 0 })),
    });
    expect(JSON.stringify(bare(ours.result))).toBe(JSON.stringify(bare(theirs.result)));
    expect(planarArea(ours.result.features[1].geometry)).toBeCloseTo(
      planarArea(theirs.result.features[1].geometry),
      6,
    );
  });

  it('gives them out in the coordinate system and with the decimals that were asked for', async () => {
    const inputs = { features: counties(), by: 'state', outputCrs: 'EPSG:3857', coordinatePrecision: 0 };
    const { result } = await outputsOf(postgis, onPostgis(shippedProcess('dissolve.yaml'), inputs));
    expect(result.crs.properties.name).toBe('urn:ogc:def:crs:EPSG::3857');
    const numbers = JSON.stringify(result.features[0].geometry)
      .match(/-?\d[\d.]*/g)!
      .map(Number);
    expect(numbers.every(Number.isInteger)).toBe(true);
    expect(Math.max(...numbers.map(Math.abs))).toBeGreaterThan(1e6);
    const faulty = await run(
      onPostgis(shippedProcess('dissolve.yaml'), { ...inputs, outputCrs: 'EPSG:27700' }),
    );
    expect(faulty).toMatchObject({ kind: 'failed', failure: { reason: 'invalid-input' } });
  });
});

describe('what goes wrong', () => {
  it('a statement that takes too long is left to the next tier', async () => {
    const started = await postgis.tier.start(onPostgis(probe('LongTail'), { does: 'sleep' }));
    expect(started).toEqual({ kind: 'refused', reason: 'PostGIS execution timed out' });
  });

  it('distances on the ground are left to the next tier', async () => {
    const inputs = { features: 'POINT (7 46)', distance: 10 };
    const started = await postgis.tier.start(onPostgis(shippedProcess('buffer.yaml'), inputs));
    expect(started).toMatchObject({ kind: 'refused', reason: expect.stringContaining('on the ground') });
  });

  it('errors are told by their SQLSTATE, and never as SQL', async () => {
    const failure = async (does: string): Promise<unknown> =>
      ((await run(onPostgis(probe(), { does }))) as { failure: unknown }).failure;
    expect(await failure('overlay')).toMatchObject({
      reason: 'process-error',
      message: expect.stringContaining('TopologyException'),
    });
    expect(await failure('no number')).toMatchObject({ reason: 'invalid-input' });
    for (const does of ['defect', 'peek'])
      expect(await failure(does)).toEqual({
        reason: 'process-error',
        message: 'The procedure failed by a defect of the service.',
        retryable: false,
      });
  });

  it('what the procedure says is kept', async () => {
    expect(await run(onPostgis(probe(), { does: 'say' }))).toMatchObject({
      kind: 'succeeded',
      messages: [
        { level: 'info', text: 'so far so good' },
        { level: 'warning', text: 'take care' },
      ],
    });
  });

  it('only listed procedures of listed schemas are called', () => {
    const supports = (handler: Record<string, unknown> | undefined): unknown =>
      postgis.tier.supports('buffer', handler);
    expect(supports({ schema: 'pg_catalog', procedure: 'pg_sleep' })).toEqual({
      ok: false,
      reason: `Schema 'pg_catalog' is not allow-listed.`,
    });
    for (const handler of [undefined, {}, { procedure: 'stage_features' }, { procedure: 'buffer($1); --' }])
      expect(supports(handler)).toEqual({
        ok: false,
        reason: `Process 'buffer' not registered for PostGIS execution.`,
      });
  });
});

describe('the role of tier 2', () => {
  const asTier2 = <T>(work: (client: Client) => Promise<T>): Promise<T> =>
    withClient(database.url, async (client) => {
      await client.query('set role honua_tier2');
      return work(client);
    });

  it('has no right to any table, view or sequence that not everybody has', async () => {
    const rows = await withClient(database.superUrl, async (client) => {
      await client.query('create role honua_nobody nologin');
      const { rows } = await client.query(
        `select c.oid::regclass::text as name from pg_class c
          where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
            and (has_table_privilege('honua_tier2', c.oid, 'select,insert,update,delete,truncate,references,trigger'))
            and not has_table_privilege('honua_nobody', c.oid, 'select,insert,update,delete,truncate,references,trigger')`,
      );
      await client.query('drop role honua_nobody');
      return rows as unknown[];
    });
    expect(rows).toEqual([]);
  });

  it('may execute nothing of ours but procedures and what they are made of', async () => {
    const { rows } = await withClient(database.superUrl, (client) =>
      client.query<{ name: string }>(
        `select p.oid::regprocedure::text as name from pg_proc p
           join pg_namespace n on n.oid = p.pronamespace
           left join pg_depend d on d.objid = p.oid and d.deptype = 'e'
          where n.nspname not in ('pg_catalog', 'information_schema') and d.objid is null
            and p.prorettype <> 'trigger'::regtype -- which nobody can call
            and has_function_privilege('honua_tier2', p.oid, 'execute')`,
      ),
    );
    expect(rows.map(({ name }) => name).filter((name) => !name.startsWith('honua_gp.'))).toEqual([]);
    const forTheService = rows.filter(({ name }) => /cancel_attempt|end_backend/.test(name));
    expect(forTheService).toEqual([]);
  });

  it('can neither become another role nor change anything', async () => {
    const refused = (statement: string): Promise<string | undefined> =>
      asTier2(async (client) => {
        const error = await client.query(statement).then(
          () => undefined,
          (one: Error & { code: string }) => one,
        );
        return error?.code;
      });
    for (const statement of [
      'select * from public.process_runs',
      'insert into public.tenants (id) values (1)',
      'create table public.x ()',
      'create schema x',
      'create function honua_gp.x() returns int language sql as $$ select 1 $$',
      'alter role honua_tier2 superuser',
      `copy (select 1) to program 'true'`,
      `select pg_read_file('/etc/passwd')`,
      `select honua_gp.cancel_attempt('honua:x:1')`,
    ])
      expect([statement, await refused(statement)]).toEqual([statement, '42501']);
  });

  it('cannot be made to stage features into anything but a table of the session', async () => {
    const stage = (name: string): Promise<unknown> =>
      asTier2((client) =>
        client.query('select honua_gp.stage_features($1, 4326, $2, $3)', [name, 'accept', '[]']),
      );
    for (const name of ['x"; drop table public.process_runs; --', "x'; select 1; --", '', '../x', 'x y'])
      await expect(stage(name)).rejects.toMatchObject({ code: 'HG003' });
  });
});

/** The procedures of the catalog that take numbers. */
const numbered = readdirSync(join(import.meta.dirname, '../../processes'))
  .filter((file) => file.endsWith('.yaml'))
  .map(shippedProcess)
  .flatMap(({ handlers, inputs }) => {
    const names = Object.keys(inputs).filter(
      (name) => name !== 'coordinatePrecision' && /number|integer|length/.test(inputs[name]!.type),
    );
    const procedure = handlers.postgis?.procedure as string | undefined;
    return procedure && names.length > 0 ? [{ procedure, names }] : [];
  });

describe('numbers', () => {
  it('that are not finite are refused inside of every procedure too', async () => {
    await withClient(database.url, async (client) => {
      await client.query('set role honua_tier2');
      for (const value of ['NaN', 'Infinity', '-Infinity']) {
        for (const { procedure, names } of numbered) {
          await client.query('begin');
          await client.query(`select honua_gp.stage_features('features', 0, 'repair', $1)`, [
            JSON.stringify([[null, null, '01010000000000000000000000000000000000F03F']]),
          ]);
          const call = client.query(`select * from honua_gp.${procedure}($1)`, [
            JSON.stringify(Object.fromEntries(names.map((name) => [name, value]))),
          ]);
          await expect(call).rejects.toMatchObject({ code: 'HG002' });
          await client.query('rollback');
        }
      }
      expect((await client.query('select 1')).rowCount).toBe(1);
    });
  });

  it.each([1e308, -1e308])('as large as %d, in an area or as a distance, end in an outcome', async (huge) => {
    const crs = { type: 'name', properties: { name: 'EPSG:3857' } };
    const ring = [[0, 0], [huge, 0], [huge, huge], [0, 0]]; // prettier-ignore
    const geometry = { type: 'Polygon', coordinates: [ring] };
    const features = {
      type: 'FeatureCollection',
      crs,
      features: [{ type: 'Feature', properties: {}, geometry }],
    };
    const dissolved = await postgis.tier.start(onPostgis(shippedProcess('dissolve.yaml'), { features }));
    expect(dissolved.kind).toBe('finished');
    const grown = await postgis.tier.start(
      onPostgis(shippedProcess('buffer.yaml'), { features, distance: 1e9 }),
    );
    expect(grown.kind).toBe('finished');
    expect(await postgis.tier.health()).toEqual({ healthy: true });
  });
});

describe('backends', () => {
  const working = async (name: string): Promise<number> =>
    withClient(database.url, async (client) => {
      const { rowCount } = await client.query('select 1 from pg_stat_activity where application_name = $1', [
        name,
      ]);
      return rowCount ?? 0;
    });

  it('of a cancelled attempt have stopped when its slot is free', async () => {
    const attempt = onPostgis(probe(), { does: 'sleep' }, { timeoutMs: 600_000 });
    const name = `honua:${attempt.runId}:${attempt.attempt}`;
    const outcome = run(attempt);
    await expect.poll(() => working(name)).toBe(1);
    const { free } = postgis.tier.capacity();
    const asked = performance.now();
    await postgis.tier.cancel(attempt);
    expect(performance.now() - asked).toBeLessThan(2_000);
    expect(await working(name)).toBe(0);
    expect(postgis.tier.capacity().free).toBe(free + 1);
    expect(await outcome).toMatchObject({ kind: 'cancelled' });
  });

  it('of a worker that died are ended', async () => {
    const name = `honua:${randomUUID()}:1`;
    const client = new Client({ connectionString: database.url, application_name: name });
    client.on('error', () => {});
    await client.connect();
    const query = client.query('select pg_sleep(600)').catch((error: Error & { code: string }) => error.code);
    expect(await query).toBe('57P01');
    expect(await working(name)).toBe(0);
  }, 20_000);
});
