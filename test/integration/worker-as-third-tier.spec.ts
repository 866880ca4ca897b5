/** Processes that have a tier within the server give the same by the Python worker. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Feature, FeatureCollection } from 'geojson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';
import { executeAsync } from '../support/ogc-client.js';
import { INSTALL_LIMIT_MS, python, root, workerReady } from '../support/python-worker.js';
import { cities } from '../support/real-data.js';
import { runProcess } from '../support/run-process.js';
import { startInProcessTier, type TierHarness } from '../support/tier-harness.js';

const rows = readFileSync(join(root, 'test/fixtures/meuse/zinc.csv'), 'utf8').trim().split('\n').slice(1);
const meuse = {
  type: 'FeatureCollection',
  crs: { type: 'name', properties: { name: 'EPSG:32631' } },
  features: rows.map((row): Feature => {
    const [x, y, zinc] = row.split(',').map(Number) as [number, number, number];
    return { type: 'Feature', properties: { zinc }, geometry: { type: 'Point', coordinates: [x, y] } };
  }),
};

describe.skipIf(!python)('by the Python worker as by tier 1', () => {
  let server: TestServer;
  let inProcess: TierHarness;
  beforeAll(async () => {
    await workerReady();
    server = await startServer({ Processing__Tier1Enabled: 'false', Processing__Tier2Enabled: 'false' });
    inProcess = await startInProcessTier();
  }, INSTALL_LIMIT_MS);
  afterAll(async () => {
    await server?.close();
    await inProcess?.close();
  });

  const both = async (process: string, inputs: Record<string, unknown>): Promise<[Feature[], Feature[]]> => {
    const ours = await runProcess(inProcess, process, inputs);
    const { result } = await executeAsync(server.url, process, { inputs, response: 'document' });
    return [
      (result as { value: FeatureCollection }).value.features,
      (ours.result as FeatureCollection).features,
    ];
  };

  it.each([
    ['all points', {}],
    ['the nearest', { neighbours: 8, power: 3 }],
    ['those within a radius', { searchRadius: 250, cellsAs: 'points' }],
  ])('interpolates by inverse distances: %s', async (_, more) => {
    const [python_, ours] = await both('interpolate-idw', {
      features: meuse,
      valueField: 'zinc',
      cellSize: 100,
      ...more,
    });
    expect(python_).toHaveLength(ours.length);
    for (const [at, cell] of ours.entries()) {
      const { i, j, interpolated_value: value } = cell.properties!;
      expect(python_[at]).toMatchObject({ properties: { i, j }, geometry: cell.geometry });
      const theirs = python_[at]!.properties!.interpolated_value as number | null;
      if (value === null) expect(theirs).toBeNull();
      else expect(theirs).toBeCloseTo(value, 6);
    }
  });

  it('interpolates on the globe', async () => {
    const inputs = { features: cities(60), valueField: 'population', gridResolution: 24 };
    const [python_, ours] = await both('interpolate-idw', inputs);
    for (const [at, cell] of ours.entries())
      expect(python_[at]!.properties!.interpolated_value / cell.properties!.interpolated_value).toBeCloseTo(
        1,
        6,
      );
  });

  it.each([
    ['cluster-dbscan', { distance: 20_000, minPoints: 3 }, 'cluster'],
    ['cluster-kmeans', { k: 12 }, 'cluster_id'],
  ])('%s', async (process, inputs, attribute) => {
    const [python_, ours] = await both(process, { features: cities(2_000), ...inputs });
    expect(python_.map(({ properties }) => properties![attribute])).toEqual(
      ours.map(({ properties }) => properties![attribute]),
    );
  });
});
