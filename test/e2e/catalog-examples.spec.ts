/** Every example in `processes/*.yaml` is run over HTTP, at once and as a job, and gives what it says it gives. */
import type { Feature, FeatureCollection } from 'geojson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/registry/load-catalog.js';
import { startServer, type TestServer } from '../support/app.js';
import { executeAsync, executeSync } from '../support/ogc-client.js';
import { INSTALL_LIMIT_MS, python, workerReady } from '../support/python-worker.js';

const { entries, faults } = loadCatalog('processes');
const major = (version: string): string => version.split('.')[0]!;

let server: TestServer;
beforeAll(async () => {
  if (python) await workerReady();
  server = await startServer();
}, INSTALL_LIMIT_MS);
afterAll(() => server.close());

it('the catalog has no faults', () => expect(faults).toEqual([]));

/** Without Python its processes cannot be run, and say so; samples are for whoever enables them. */
const runnable = entries.filter(
  ({ definition }) =>
    definition.enabled &&
    (python !== undefined || definition.preferredTiers.some((tier) => tier !== 'cloud-batch')),
);

describe.each(runnable)('$definition.id $definition.version', ({ definition }) => {
  const pinned = `${definition.id}-v${major(definition.version)}`;

  it.each(definition.examples)('$title', async ({ inputs, expect: wanted }) => {
    for (const execute of [executeSync, executeAsync]) {
      const outputs = await execute(server.url, pinned, { inputs, response: 'document' });
      expect(Object.keys(outputs).sort()).toEqual(Object.keys(definition.outputs).sort());
      for (const [id, value] of Object.entries(wanted.outputs ?? {})) expect(outputs[id]).toEqual(value);
      const needsFeatures = wanted.featureCount ?? wanted.geometryType ?? wanted.properties;
      if (needsFeatures !== undefined) checkFeatures(featuresOf(outputs.result), wanted);
    }
  });
});

/** A document carries a collection by value as it is, or qualified with its media type. */
function featuresOf(output: unknown): Feature[] {
  const value = (output as { value?: unknown }).value ?? output;
  return (value as FeatureCollection).features;
}

function checkFeatures(
  features: Feature[],
  wanted: { featureCount?: number; geometryType?: string; properties?: Record<string, unknown> },
): void {
  if (wanted.featureCount !== undefined) expect(features).toHaveLength(wanted.featureCount);
  if (wanted.geometryType) expect(features[0]!.geometry.type).toBe(wanted.geometryType);
  if (wanted.properties) expect(features[0]!.properties).toMatchObject(wanted.properties);
}
