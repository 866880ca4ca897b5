import { afterAll, beforeAll, describe } from 'vitest';
import { withClient } from '../../launcher/private-cluster.ts';
import type { Attempt } from '../../src/execution/index.js';
import { loadDefinition } from '../../src/registry/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { attemptOf, startPostgisTier, type TierHarness } from '../support/tier-harness.js';
import { describeExecutionTier } from './execution-tier.contract.js';

/** Gives its features back after a pause. */
const PAUSE = `
create function honua_gp.pause(p_request jsonb) returns setof honua_gp.feature
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  perform pg_sleep(honua_gp.number(p_request, 'pause'));
  return query select id, properties, honua_gp.geojson(geom) from pg_temp.input_features order by n;
end $$;
grant execute on function honua_gp.pause(jsonb) to honua_tier2;`;

const pause = loadDefinition(
  'pause.yaml',
  `
id: pause
title: Pause
description: Gives its features back after a pause.
version: 1.0.0
preferredTiers: [postgis]
resourceClass: DbHeavy
inputs:
  features: { title: Features, type: features }
  pause: { title: Seconds, type: number, default: 0 }
outputs: { result: { title: The same features, type: features } }
handlers: { postgis: { procedure: pause } }
examples: [{ title: none, inputs: {} }]
`,
).entry!.definition;

let database: TestDatabase;
let harness: TierHarness;
beforeAll(async () => {
  database = await createTestDatabase();
  await withClient(database.url, (client) => client.query(PAUSE));
  harness = await startPostgisTier(database.url, { Tier2__PoolSize: '2', Tier2__MaxQueue: '2' });
});
afterAll(async () => {
  await harness.close();
  await database.drop();
});

const attempt = (inputs: object, limits?: Partial<Attempt['limits']>): Attempt => ({
  ...attemptOf(pause, { inputs: { features: 'POINT (7 46)', ...inputs } }, limits),
  tier: 'postgis',
});

describe('the postgis tier', () => {
  describeExecutionTier({
    tier: () => harness.tier,
    quick: () => attempt({}),
    slow: (seconds, limits) => attempt({ pause: seconds }, limits),
    faulty: () => attempt({ features: 5 }),
    tooLarge: () => attempt({}, { maxOutputBytes: 10 }),
  });
});
