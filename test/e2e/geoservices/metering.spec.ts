import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Database } from '../../../src/database/index.js';
import { startServer, type TestServer } from '../../support/app.js';
import { ask } from '../../support/esri-client.js';
import { askGeometry, faultOf, geometryService } from '../../support/geometry-client.js';

/** The geometry service has no runs, but whose calls it answers is counted, and limited. */
let server: TestServer;
let tokens: Record<string, string>;
beforeAll(async () => {
  server = await startServer({ Identity__Logins: 'ana:a@acme, bob:b@beta', Limits__MaxConcurrentCalls: '2' });
  const tokenOf = async (username: string, password: string): Promise<string> =>
    (await ask(`${server.url}/arcgis/tokens/`, { username, password })).token;
  tokens = { ana: await tokenOf('ana', 'a'), bob: await tokenOf('bob', 'b') };
});
afterAll(() => server.close());

interface Row {
  operation: string;
  calls: string;
  failures: string;
  compute_ms: string;
}
const usage = (tenant: string): Promise<Row[]> =>
  server.app
    .get(Database)
    .inTenant(tenant, (manager) =>
      manager.query<Row[]>(
        'select * from metered_calls where day = (now() at time zone $1)::date order by operation',
        ['utc'],
      ),
    );
/** A second of work. */
const long = {
  geometries: {
    geometryType: 'esriGeometryPolyline',
    geometries: [
      {
        paths: [
          [
            [0, 0],
            [170, 60],
          ],
        ],
      },
    ],
  },
  sr: 4326,
  maxSegmentLength: 60,
  lengthUnit: 9001,
  geodesic: true,
};

it('counts what each tenant asked of each operation, and its time, in rows that no other tenant sees', async () => {
  for (let i = 0; i < 3; i++)
    await askGeometry(server.url, 'buffer', {
      geometries: '8,47',
      inSR: 4326,
      distances: 1000,
      unit: 9001,
      token: tokens.ana,
    });
  expect((await faultOf(server.url, 'buffer', { token: tokens.ana })).code).toBe(400);
  await askGeometry(server.url, 'convexHull', { geometries: '1,1,2,2,3,1', sr: 4326, token: tokens.bob });
  expect((await faultOf(server.url, 'buffer', {})).code).toBe(499);
  await expect.poll(async () => (await usage('acme')).length, { timeout: 10_000 }).toBe(1);
  await expect.poll(async () => Number((await usage('acme'))[0]!.calls), { timeout: 10_000 }).toBe(4);
  const [row] = await usage('acme');
  expect(row).toMatchObject({ operation: 'geometry-server/buffer', calls: '4', failures: '1' });
  expect(Number(row!.compute_ms)).toBeGreaterThan(0);
  await expect
    .poll(async () => (await usage('beta')).map(({ operation }) => operation))
    .toEqual(['geometry-server/convexHull']);
});

it('answers no more calls of one tenant at once than it may have; others are not kept waiting for it', async () => {
  const call = (token: string): Promise<Response> =>
    fetch(geometryService(server.url, 'densify'), {
      method: 'POST',
      body: new URLSearchParams({
        ...Object.fromEntries(
          Object.entries(long).map(([name, value]) => [
            name,
            typeof value === 'string' ? value : JSON.stringify(value),
          ]),
        ),
        f: 'json',
        token,
      }),
    });
  const first = [call(tokens.ana!), call(tokens.ana!)];
  await sleep(100);
  const third = await call(tokens.ana!);
  const { error } = await third.json();
  expect(third.status).toBe(200);
  expect(error).toMatchObject({ code: 429, message: 'Too many requests' });
  expect(third.headers.get('retry-after')).toBe('1');
  const other = call(tokens.bob!);
  for (const reply of await Promise.all([...first, other]))
    expect(await reply.json()).not.toHaveProperty('error.code', 429);
  expect(await (await call(tokens.ana!)).json()).not.toHaveProperty('error.code', 429);
});

it('writes what it has counted before it goes', async () => {
  const second = await startServer();
  const { url } = second.database;
  await askGeometry(second.url, 'union', { geometries: '1,1,2,2', sr: 4326 });
  await second.app.close();
  const database = await Database.open({ url, poolSize: 2, statementTimeoutMs: 10_000 });
  const rows = await database.inTenant('default', (manager) =>
    manager.query<Row[]>('select * from metered_calls'),
  );
  await database.close();
  expect(rows).toMatchObject([{ operation: 'geometry-server/union', calls: '1', failures: '0' }]);
  await second.database.drop();
});
