/** Layers that operators declare while the service runs: from where, for whom, on which servers. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withClient } from '../../launcher/private-cluster.ts';
import { loadConfig } from '../../src/config/index.js';
import { configSchema } from '../../src/config/schema.js';
import { serve } from '../../src/serve.js';
import { startServer, type TestServer } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { ADMIN_KEY, asOperator, bearer, REQUIRED, tenantWithKey } from '../support/identities.js';

const SECRET = 'correct-horse-battery';
const PARK = {
  type: 'FeatureCollection',
  features: [
    {
      type: 'Feature',
      properties: { name: 'Elfenau' },
      geometry: { type: 'Point', coordinates: [7.46, 46.93] },
    },
  ],
};

let folder: string;
let elsewhere: TestDatabase;
let first: TestServer;
let second: { url: string; close(): Promise<void> };
let key: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'honua-declared-'));
  writeFileSync(join(folder, 'parks.geojson'), JSON.stringify(PARK));
  symlinkSync('/etc/hostname', join(folder, 'link.geojson'));
  elsewhere = await createTestDatabase();
  await withClient(elsewhere.url, (client) =>
    client.query(`create table roads (gid int primary key, name text, geom geometry(LineString, 4326));
                  insert into roads values (1, 'A1', 'srid=4326;linestring(7 46, 8 47)')`),
  );
  writeFileSync(join(folder, 'city.url'), `${elsewhere.url}\n`);
  const settings = {
    ...REQUIRED,
    Processing__LayerFolders: folder,
    Layers__fixed__provider: 'geojson',
    Layers__fixed__path: join(folder, 'parks.geojson'),
    Connections__city__urlFile: join(folder, 'city.url'),
    Connections__lost__url: `postgres://someone:${SECRET}@127.0.0.1:1/nothing`,
    Connections__unset__urlFile: join(folder, 'no-such-file'),
  };
  first = await startServer(settings);
  const config = loadConfig('config', {
    ...settings,
    DATABASE_URL: first.database.url,
    PORT: '0',
    HONUA_LOG_LEVEL: 'fatal',
    HONUA_ROLE: 'api',
  });
  const { app, url } = await serve(config);
  second = { url: url.replace('localhost', '127.0.0.1'), close: () => app.close() };
  ({ key } = await tenantWithKey(first.url, 'city'));
  await tenantWithKey(first.url, 'village');
});
afterAll(async () => {
  await second.close();
  await first.close();
  await elsewhere.drop();
  rmSync(folder, { recursive: true, force: true });
});

interface Reply {
  status: number;
  etag: string | null;
  body: any;
  text: string;
}

const send = async (path: string, method = 'GET', body?: unknown, etag?: string): Promise<Reply> => {
  const reply = await fetch(`${first.url}/admin/layers${path}`, {
    method,
    headers: {
      ...bearer(ADMIN_KEY),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(etag !== undefined && { 'if-match': etag }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  const json = reply.headers.get('content-type')?.includes('json');
  return {
    status: reply.status,
    etag: reply.headers.get('etag'),
    body: json ? JSON.parse(text) : undefined,
    text,
  };
};

const parks = (): object => ({ provider: 'geojson', path: join(folder, 'parks.geojson') });
const seen = async (url: string, id: string, as = key): Promise<number> =>
  (await fetch(`${url}/layers/${id}`, { headers: bearer(as) })).status;

it('are there for every server within two seconds, and gone again', async () => {
  expect(await seen(first.url, 'parks')).toBe(404);
  const made = await send('/parks', 'PUT', parks());
  expect(made).toMatchObject({
    status: 200,
    etag: '"1"',
    body: { id: 'parks', declaredBy: 'operator', version: 1 },
  });
  const began = performance.now();
  while ((await seen(second.url, 'parks')) !== 200) {
    expect(performance.now() - began).toBeLessThan(2_000);
    await pause(10);
  }
  const computed = await fetch(`${second.url}/processes/centroid/execution`, {
    method: 'POST',
    headers: { ...bearer(key), 'content-type': 'application/json' },
    body: JSON.stringify({ inputs: { features: { layerReference: 'parks' } } }),
  });
  expect(((await computed.json()) as typeof PARK).features[0]!.properties).toEqual({ name: 'Elfenau' });

  expect((await send('/parks', 'PUT', parks())).status).toBe(428);
  expect((await send('/parks', 'PUT', parks(), '"9"')).status).toBe(412);
  const narrowed = await send('/parks', 'PUT', { ...parks(), tenants: ['village'] }, '"1"');
  expect(narrowed).toMatchObject({ status: 200, etag: '"2"' });
  expect(await seen(first.url, 'parks')).toBe(404);
  expect((await send('/parks', 'DELETE')).status).toBe(428);
  expect((await send('/parks', 'DELETE', undefined, '"2"')).status).toBe(204);
  expect((await send('/parks')).status).toBe(404);
  const { history } = (await send('/parks/history')).body;
  expect(
    history.map(({ version, before, after }: any) => [version, before?.tenants, after?.tenants]),
  ).toEqual([
    [3, ['village'], undefined],
    [2, undefined, ['village']],
    [1, undefined, undefined],
  ]);
});

it('of other databases are read by a named connection, whose secret nobody is told', async () => {
  const roads = { provider: 'postgis', connection: 'city', table: 'roads', title: 'Roads' };
  const tried = await send('/try', 'POST', roads);
  expect(tried).toMatchObject({
    status: 200,
    body: { crs: 'EPSG:4326', featureCount: 1, geometryTypes: ['LineString'], bbox: [7, 46, 8, 47] },
  });
  expect(tried.body.fields.map(({ name }: any) => name)).toEqual(['gid', 'name']);
  expect((await send('/roads', 'PUT', roads)).status).toBe(200);
  const { features } = (await (
    await fetch(`${first.url}/layers/roads/items`, { headers: bearer(key) })
  ).json()) as typeof PARK;
  expect(features[0]).toMatchObject({ id: 1, properties: { name: 'A1' } });
  const merged = await fetch(`${first.url}/processes/line-merge/execution`, {
    method: 'POST',
    headers: { ...bearer(key), 'content-type': 'application/json' },
    body: JSON.stringify({ inputs: { features: { layerReference: 'roads' } } }),
  });
  expect(((await merged.json()) as typeof PARK).features).toHaveLength(1);

  for (const connection of ['lost', 'unset']) {
    const failed = await send('/try', 'POST', { ...roads, connection });
    expect(failed.status, connection).toBe(503);
    expect(failed.text).not.toMatch(new RegExp(`${SECRET}|no-such-file|127\\.0\\.0\\.1:1`));
  }
  const told = [await send(''), await send('/roads'), await send('/roads/history')]
    .map(({ text }) => text)
    .join();
  expect(told).toContain('"connection":"city"');
  expect(told).not.toContain(new URL(elsewhere.url).pathname);
});

it.each([
  ['1st', { provider: 'geojson', path: '/x' }, 400],
  ['other', { provider: 'csv', path: '/x' }, 400],
  ['other', { provider: 'postgis', table: 'x', connection: 'nowhere' }, 400],
  ['other', { provider: 'geojson', path: '/etc/hostname' }, 400],
  ['other', { provider: 'geojson', path: 'LINK' }, 400],
  ['other', { provider: 'geojson', path: 'FOLDER/../../etc/hostname' }, 400],
  ['other', { provider: 'geojson', path: 'FOLDER' }, 400],
  ['fixed', { provider: 'postgis', table: 'x' }, 409],
])('%s as %j is refused', async (id, settings, status) => {
  const text = JSON.stringify(settings)
    .replace('LINK', join(folder, 'link.geojson'))
    .replace('FOLDER', folder);
  const refused = await send(`/${id}`, 'PUT', JSON.parse(text));
  expect(refused.status).toBe(status);
  expect((await send('/other')).status).toBe(404);
});

it('are not read any more once a link leads out of their folder', async () => {
  const path = join(folder, 'moving.geojson');
  writeFileSync(path, JSON.stringify(PARK));
  expect((await send('/moving', 'PUT', { provider: 'geojson', path })).status).toBe(200);
  expect(await seen(first.url, 'moving')).toBe(200);
  rmSync(path);
  symlinkSync('/etc/hostname', path);
  expect((await fetch(`${first.url}/layers/moving/items`, { headers: bearer(key) })).status).toBe(503);
});

it('are for operators to declare, who see those of the configuration too, as a page as well', async () => {
  for (const [method, path] of [
    ['GET', ''],
    ['PUT', '/mine'],
    ['POST', '/try'],
    ['DELETE', '/roads'],
  ] as const) {
    const reply = await fetch(`${first.url}/admin/layers${path}`, {
      method,
      headers: { ...bearer(key), 'content-type': 'application/json' },
      ...(method !== 'GET' && { body: JSON.stringify(parks()) }),
    });
    expect(reply.status, method).toBe(403);
  }
  const { layers } = await asOperator(first.url, '/admin/layers');
  expect(layers.map(({ id, declaredBy }: any) => [id, declaredBy])).toEqual([
    ['fixed', 'configuration'],
    ['moving', 'operator'],
    ['roads', 'operator'],
  ]);
  const page = await fetch(`${first.url}/admin/layers?f=html`, { headers: bearer(ADMIN_KEY) });
  expect(await page.text()).toContain('href="/layers/roads"');
});

it('are declared as the how-to says', async () => {
  const page = readFileSync('docs/how-to/use-layers.md', 'utf8');
  const blocks = (language: string): string[] =>
    [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, block]) => block!);
  const [command, ...more] = blocks('sh');
  expect(more).toEqual([]);
  const env = { ...process.env, HONUA_ADMIN_KEY: ADMIN_KEY };
  const { stdout } = await promisify(execFile)(
    'sh',
    ['-ec', command!.replaceAll('http://localhost:3000', first.url)],
    { env },
  );
  expect(JSON.parse(stdout)).toMatchObject({ id: 'streets', version: 1, settings: { tenants: ['city'] } });
  const { layers, connections } = configSchema.shape;
  for (const block of blocks('yaml')) {
    const given = parse(block) as Record<string, unknown>;
    expect(Object.keys(given).filter((key) => !['layers', 'connections'].includes(key))).toEqual([]);
    layers.parse(given.layers);
    connections.parse(given.connections ?? {});
  }
});
