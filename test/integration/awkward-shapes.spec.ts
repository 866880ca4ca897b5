import { readdirSync } from 'node:fs';
import type { Feature } from 'geojson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Geos } from '../../src/geometry-codecs/worker.js';
import { AWKWARD, asFeature } from '../support/awkward-shapes.js';
import {
  attemptOf,
  outcomeOf,
  outputsOf,
  shippedProcess,
  startInProcessTier,
  type TierHarness,
} from '../support/tier-harness.js';

let harness: TierHarness;
let geos: Geos;
beforeAll(async () => {
  harness = await startInProcessTier();
  geos = await Geos.start();
});
afterAll(() => harness.close());

const OTHER =
  'GEOMETRYCOLLECTION (POINT (1 1), LINESTRING (0 0, 2 2), POLYGON ((0.5 0.5, 1.5 0.5, 1.5 1.5, 0.5 1.5, 0.5 0.5)))';
const AREA = 'POLYGON ((0.5 0.5, 1.5 0.5, 1.5 1.5, 0.5 1.5, 0.5 0.5))';
/** What the processes need beside the features. */
const BESIDE: Record<string, Record<string, unknown>> = {
  buffer: { distance: 1000 },
  clip: { mask: AREA },
  'cluster-dbscan': { distance: 1000, minPoints: 1 },
  'cluster-kmeans': { k: 2 },
  'cluster-within': { distance: 1000 },
  'count-by-time': { attribute: 'name', interval: 60 },
  densify: { maxSegmentLength: { value: 2000, unit: 'kilometers' } },
  difference: { overlay: OTHER },
  distance: { to: OTHER },
  heatmap: { radius: 1000 },
  'hexagon-grid': { cellSize: 1 },
  'interpolate-idw': { valueField: 'name', gridResolution: 5 },
  intersection: { overlay: OTHER },
  nearest: { to: OTHER },
  reproject: { targetCrs: 'EPSG:4258' },
  simplify: { tolerance: 1000 },
  'spatial-join': { join: OTHER },
  'square-grid': { cellSize: 1 },
  'summary-statistics': { statistics: [{ attribute: 'name', statistic: 'count' }] },
  'symmetric-difference': { overlay: OTHER },
};
/** One feature out for each in, whatever it is. */
const PER_FEATURE = [
  ['area-and-length', {}],
  ['buffer', {}],
  ['centroid', {}],
  ['concave-hull', { scope: 'each' }],
  ['convex-hull', { scope: 'each' }],
  ['densify', {}],
  ['make-valid', {}],
  ['nearest', {}],
  ['point-on-surface', {}],
  ['reproject', {}],
  ['simplify', {}],
  ['simplify', { method: 'douglas-peucker' }],
  ['spatial-join', {}],
  ['validate', {}],
] as const;
/** These say what invalid geometry is, or leave it as it came. */
const MAY_GIVE_INVALID = [
  'cluster-dbscan',
  'cluster-kmeans',
  'cluster-within',
  'validate',
  'densify',
  'reproject',
  'area-and-length',
  'nearest',
  'distance',
  'spatial-join',
];

const definitions = readdirSync('processes')
  .filter((file) => file.endsWith('.yaml'))
  .map(shippedProcess)
  .filter(({ inputs, handlers }) => inputs.features && handlers['in-process']);
const shapes = Object.entries(AWKWARD).map(([name, geometry]) => asFeature(geometry, name));

describe.each(
  definitions.map((definition) => [`${definition.id} ${definition.version}`, definition] as const),
)('%s', (_, definition) => {
  it('computes or refuses every awkward shape, and what it gives is valid', async () => {
    for (const feature of shapes) {
      const inputs = { features: feature, ...BESIDE[definition.id] };
      const outcome = await outcomeOf(harness.tier, attemptOf(definition, { inputs }));
      if (outcome.kind === 'failed') {
        expect({ feature: feature.id, ...outcome.failure }).toMatchObject({ reason: 'invalid-input' });
        continue;
      }
      expect(outcome.kind).toBe('succeeded');
      if (outcome.kind !== 'succeeded' || MAY_GIVE_INVALID.includes(definition.id)) continue;
      for (const { payload, mediaType } of outcome.outputs) {
        if (mediaType !== 'application/geo+json') continue;
        const { features } = JSON.parse((await harness.bytesOf(payload)).toString()) as {
          features: Feature[];
        };
        for (const one of features) expectValid(one, String(feature.id));
      }
    }
  });
});

function expectValid({ geometry }: Feature, from: string): void {
  if (!geometry || geometry.type.endsWith('Point') || from === 'a line of no length') return;
  const fault = geos.arena(() => geos.invalidity(geos.write(geometry)));
  expect({ from, fault }).toEqual({ from, fault: undefined });
}

it.each(PER_FEATURE)('%s %o keeps order, ids and attributes of every shape', async (process, options) => {
  const features = shapes.filter(({ id }) => id !== 'an empty multipolygon');
  const inputs = { features: { type: 'FeatureCollection', features }, ...BESIDE[process], ...options };
  const { result } = await outputsOf(harness, attemptOf(shippedProcess(`${process}.yaml`), { inputs }));
  expect(result.features.map(({ id }: Feature) => id)).toEqual(features.map(({ id }) => id));
  result.features.forEach(({ properties }: Feature, at: number) =>
    expect(properties).toMatchObject(features[at]!.properties!),
  );
});
