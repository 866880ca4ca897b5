import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureDatabase, withClient } from '../../launcher/private-cluster.ts';
import { startServer, type TestServer } from '../support/app.js';
import { executeSync } from '../support/ogc-client.js';

const name = `honua_bare_${randomBytes(4).toString('hex')}`;
let server: TestServer;
beforeAll(async () => {
  const superUrl = process.env.TEST_SUPER_URL!;
  const bare = await ensureDatabase({ superUrl, startedHere: false, stop: async () => {} }, name, false);
  server = await startServer({ DATABASE_URL: bare });
});
afterAll(async () => {
  await server.close();
  await withClient(process.env.TEST_SUPER_URL!, (client) =>
    client.query(`drop database if exists ${name} with (force)`),
  );
});

it('a database without PostGIS takes the schema, serves tier 1, and has tier 2 named as unavailable', async () => {
  const inputs = { features: 'POLYGON ((0 0, 1 0, 1 1, 0 0))' };
  const result = (await executeSync(server.url, 'dissolve', { inputs })) as { features: unknown[] };
  expect(result.features).toHaveLength(1);
  const response = await fetch(`${server.url}/processes/dissolve/execution`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'dry-run' },
    body: JSON.stringify({ inputs }),
  });
  expect(await response.json()).toMatchObject({
    tiers: ['in-process'],
    rejectedTiers: [
      { tier: 'postgis', reason: 'Tier 2 (PostGIS) is unavailable: the database has no PostGIS.' },
    ],
  });
  expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
});
