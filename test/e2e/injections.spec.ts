/**
 * Strings that mean something to somebody's parser, through every string of a request that a layer or PostGIS sees. More
 * lists, one string a line, are taken from the files of the folder HONUA_PAYLOADS.
 */
import blns from 'big-list-of-naughty-strings' with { type: 'json' };
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { withClient } from '../../launcher/private-cluster.ts';
import { startServer, type TestServer } from '../support/app.js';

const root = resolve(import.meta.dirname, '../..');
const CANARY = 'canary-7f3a9c';
/** Statements against this schema, and the ways out of the places that ours could have put a string into. */
const OURS = [
  `x'); drop table canary; --`,
  `x' union select secret, secret, secret from canary --`,
  `x" from canary; delete from canary; --`,
  `$1`,
  `$1::text`,
  `:name`,
  '%s',
  '%I',
  `$$; drop table canary; $$`,
  `\\'; drop table canary; --`,
  `pg_temp.input_features`,
  `public.canary`,
  `"canary"`,
  `canary`,
  `honua_gp.with_member`,
  `(select secret from canary)`,
  `1; select pg_sleep(20)`,
  `x' || (select secret from canary) || '`,
  `x'::regclass`,
  `E'\\047'`,
  `U&'\\0027'`,
  '__proto__',
  'constructor',
  '../canary',
  `name' or '1'='1`,
  `x\u0000y`,
  '\ud800',
  '',
];
const files = process.env.HONUA_PAYLOADS ? readdirSync(process.env.HONUA_PAYLOADS) : [];
const given = files.flatMap((file) =>
  readFileSync(join(process.env.HONUA_PAYLOADS!, file), 'utf8').split('\n'),
);
const PAYLOADS = [...new Set([...OURS, ...blns, ...given])];

let folder: string;
let server: TestServer;

interface StringInput {
  process: string;
  input: string;
  inputs: Record<string, unknown>;
}
const stringInputs: StringInput[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'honua-strings-'));
  for (const file of readdirSync(join(root, 'processes')).filter((name) => name.endsWith('.yaml'))) {
    const definition = parse(readFileSync(join(root, 'processes', file), 'utf8'));
    // Where there is a procedure, it is what runs.
    if (definition.handlers.postgis)
      definition.preferredTiers = [
        'postgis',
        ...definition.preferredTiers.filter((tier: string) => tier !== 'postgis'),
      ];
    writeFileSync(join(folder, file), stringify(definition));
    for (const [input, { type, enum: values }] of Object.entries<any>(definition.inputs))
      if (type === 'string' && !values && definition.handlers['in-process'])
        stringInputs.push({ process: definition.id, input, inputs: definition.examples[0].inputs });
  }
  const collection = {
    type: 'FeatureCollection',
    features: ['a', 'b'].map((name, at) => ({
      type: 'Feature',
      properties: { name, kind: at },
      geometry: { type: 'Point', coordinates: [at, at] },
    })),
  };
  writeFileSync(join(folder, 'places.geojson'), JSON.stringify(collection));
  server = await startServer({
    Processing__ProcessesFolder: folder,
    Layers__places__provider: 'postgis',
    Layers__places__table: 'places',
    Layers__file__provider: 'geojson',
    Layers__file__path: join(folder, 'places.geojson'),
  });
  await withClient(server.database.url, (client) =>
    client.query(`create table canary (secret text);
      insert into canary values ('${CANARY}');
      create table places (gid int primary key, name text, kind int, geom geometry(Point, 4326));
      insert into places values (1, 'a', 0, 'srid=4326;point(0 0)'), (2, 'b', 1, 'srid=4326;point(1 1)')`),
  );
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Reply {
  status: number;
  text: string;
}

const ask = async (path: string, options?: RequestInit): Promise<Reply> => {
  const reply = await fetch(server.url + path, options);
  return { status: reply.status, text: await reply.text() };
};
const execute = (process: string, inputs: object): Promise<Reply> =>
  ask(`/processes/${process}/execution`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ inputs }),
  });

/** Everything of the database that an injection could have changed. */
const stateOfDatabase = (): Promise<unknown> =>
  withClient(server.database.superUrl, async (client) => {
    const { rows } = await client.query(`
      select (select array_agg(secret) from canary) as canary, (select array_agg(p::text order by gid) from places p) as places,
             (select count(*) from pg_class where relnamespace::regnamespace::text !~ '^pg_toast|^honua_gp_jobs') as relations,
             (select count(*) from pg_proc) as functions, (select array_agg(rolname order by 1) from pg_roles) as roles`);
    return rows[0];
  });

/** Asks with every string, several at once, and looks at each reply. */
async function withEach(strings: string[], ways: (text: string) => Promise<Reply>[]): Promise<void> {
  const before = await stateOfDatabase();
  const rest = [...strings];
  const one = async (): Promise<void> => {
    for (let text = rest.pop(); text !== undefined; text = rest.pop())
      for (const { status, text: reply } of await Promise.all(ways(text))) {
        expect(status, `${JSON.stringify(text)}: ${reply.slice(0, 300)}`).toBeLessThan(500);
        expect(reply, JSON.stringify(text)).not.toContain(CANARY);
        expect(reply, JSON.stringify(text)).not.toMatch(/syntax error|SQLSTATE|relation "|pg_catalog/);
      }
  };
  await Promise.all([one(), one(), one(), one()]);
  expect(await stateOfDatabase()).toEqual(before);
}

describe(`with each of ${PAYLOADS.length} strings`, { timeout: 600_000 }, () => {
  it('as the id of a layer, over both protocols and in its path, nothing is read or changed', () =>
    withEach(PAYLOADS, (text) => [
      execute('dissolve', { features: { layerReference: text } }),
      ask(`/layers/${encodeURIComponent(text.toWellFormed())}`),
      ask('/arcgis/rest/services/GP/GPServer/dissolve/execute', {
        method: 'POST',
        body: new URLSearchParams({ f: 'json', Input_Features: JSON.stringify({ layerReference: text }) }),
      }),
    ]));

  it('as value, attribute and field of a selection of a table, nothing else is read', () =>
    withEach(PAYLOADS, (text) => [
      ...[
        { filter: { name: text } },
        { filter: { name: [text, 'a'] } },
        { filter: { name: { '>=': text, '<>': text } } },
        { filter: { kind: text } },
        { filter: { [text]: 1 } },
        { fields: [text] },
      ].map((selection) => execute('dissolve', { features: { layerReference: 'places', ...selection } })),
      ask(`/layers/places/items?filter=${encodeURIComponent(JSON.stringify({ name: text }))}`),
      ask(`/layers/places/items?fields=${encodeURIComponent(text.toWellFormed())}`),
    ]));

  // A file sees no statement, and each reading takes a thread of its own: ours have to do.
  it('as value and attribute of a selection of a file, nothing else is read', () =>
    withEach(OURS, (text) =>
      [{ filter: { name: text } }, { filter: { kind: 1 }, fields: [text] }].map((selection) =>
        execute('dissolve', { features: { layerReference: 'file', ...selection } }),
      ),
    ));

  it('as every string that a process takes, over both protocols, it is only a string', async () => {
    expect(stringInputs.length).toBeGreaterThan(5);
    let turn = 0;
    await withEach(PAYLOADS, (text) => {
      const { process, input, inputs } = stringInputs[turn++ % stringInputs.length]!;
      return [
        execute(process, { ...inputs, [input]: text }),
        execute('dissolve', { features: { layerReference: 'places' }, by: text }),
        ask('/arcgis/rest/services/GP/GPServer/dissolve/execute', {
          method: 'POST',
          body: new URLSearchParams({
            f: 'json',
            Input_Features: JSON.stringify({ layerReference: 'places' }),
            By: text,
          }),
        }),
      ];
    });
  });

  it('as name and value of an attribute it goes through PostGIS as it is', () =>
    withEach(
      PAYLOADS.filter((text) => text.isWellFormed() && !text.includes('\u0000')),
      (text) => {
        const properties = { [text]: text, last: 1 };
        const feature = {
          type: 'Feature',
          id: text,
          properties,
          geometry: { type: 'Point', coordinates: [1, 2] },
        };
        const features = { type: 'FeatureCollection', features: [feature] };
        const crs = { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::3857' } };
        const inputs = { features: { ...features, crs }, distance: 1 };
        return [
          execute('buffer', inputs).then((reply) => {
            const [buffered] = JSON.parse(reply.text).features;
            expect([buffered.id, buffered.properties]).toEqual([text, properties]);
            return reply;
          }),
        ];
      },
    ));
});
