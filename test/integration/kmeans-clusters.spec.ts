/** Clusters around means: both tiers give the same, and they are no looser than those of PostGIS's own function. */
import type { FeatureCollection, Point } from 'geojson';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withClient } from '../../launcher/private-cluster.ts';
import { BothTiers } from '../support/both-tiers.js';
import { cities, counties } from '../support/real-data.js';
import { shippedProcess } from '../support/tier-harness.js';

const kMeans = shippedProcess('cluster-kmeans.yaml');
// The coordinates are taken as they are: only the plane matters here.
const crs = { type: 'name', properties: { name: 'EPSG:32632' } };

let tiers: BothTiers;
beforeAll(async () => {
  tiers = await BothTiers.start();
});
afterAll(() => tiers.close());

const placesOf = ({ features }: FeatureCollection): number[][] =>
  features.map(({ geometry }) => (geometry as Point).coordinates);

/** The sum of the squares of the distances of places to the mean of their group. */
function looseness(places: number[][], groups: unknown[]): number {
  const sums = new Map<unknown, [number, number, number]>();
  for (const [at, [x, y]] of places.entries()) {
    const [sx, sy, count] = sums.get(groups[at]) ?? [0, 0, 0];
    sums.set(groups[at], [sx + x!, sy + y!, count + 1]);
  }
  return places.reduce((sum, [x, y], at) => {
    const [sx, sy, count] = sums.get(groups[at])!;
    return sum + (x! - sx / count) ** 2 + (y! - sy / count) ** 2;
  }, 0);
}

const groupsOf = ({ features }: FeatureCollection): unknown[] =>
  features.map(({ properties }) => properties!.cluster_id);

it.each([
  ['cities', 4_000, 5],
  ['cities', 2_000, 40],
  ['cities', 1_000, 1],
  ['counties', 1_000, 12],
] as const)('are the same on both tiers: %s, %d, in %d', async (name, count, k) => {
  const data = name === 'cities' ? cities(count) : counties();
  const features = { ...data, features: data.features.slice(0, count), crs };
  const [ours, theirs] = await tiers.results(kMeans, { features, k });
  expect(groupsOf(theirs)).toEqual(groupsOf(ours));
  // One of the counties has no shape.
  expect(new Set(groupsOf(ours).filter((group) => group !== null)).size).toBe(k);
});

it('are about as compact as those of ST_ClusterKMeans, or more so', async () => {
  const ratios: number[] = [];
  for (const count of [500, 1_000, 3_000])
    for (const k of [2, 3, 5, 10, 20, 50]) {
      const data = cities(count);
      const places = placesOf(data);
      const theirs = await withClient(tiers.databaseUrl, async (client) => {
        const { rows } = await client.query<{ group: number }>(
          `select st_clusterkmeans(st_makepoint(x, y), $3) over (order by n) as group
             from unnest($1::float8[], $2::float8[]) with ordinality p (x, y, n) order by n`,
          [places.map(([x]) => x), places.map(([, y]) => y), k],
        );
        return rows.map(({ group }) => group);
      });
      const result = await tiers.resultOfTier1(kMeans, { features: { ...data, crs }, k });
      ratios.push(looseness(places, groupsOf(result)) / looseness(places, theirs));
    }
  expect(Math.max(...ratios)).toBeLessThan(1 + 1e-9);
  const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
  expect(mean).toBeLessThan(0.95);
}, 120_000);

it('on the globe lie together over the antimeridian and the pole, and are left to tier 1', async () => {
  const places = [[179.9, 10], [-179.9, 10.1], [20, 89.5], [-160, 89.5], [179.8, 10.2], [100, 89.9]]; // prettier-ignore
  const features = {
    type: 'FeatureCollection',
    features: places.map((coordinates) => ({
      type: 'Feature',
      properties: {},
      geometry: { type: 'Point', coordinates },
    })),
  };
  expect(await tiers.refusal(kMeans, { features, k: 2 })).toContain('on the globe');
  const result = await tiers.resultOfTier1(kMeans, { features, k: 2 });
  expect(groupsOf(result)).toEqual([0, 0, 1, 1, 0, 1]);
});

it('say that there are fewer, leave out what is nowhere, and refuse what has no squares', async () => {
  const features = (x: number): object => ({
    type: 'FeatureCollection',
    crs,
    features: [
      { type: 'Feature', properties: { a: 1 }, geometry: { type: 'Point', coordinates: [x, 0] } },
      { type: 'Feature', properties: { a: 2 }, geometry: null },
      { type: 'Feature', properties: { a: 3 }, geometry: { type: 'Point', coordinates: [x, 0] } },
      { type: 'Feature', properties: { a: 4 }, geometry: { type: 'Point', coordinates: [0, 5] } },
    ],
  });
  const [ours, theirs] = await tiers.results(kMeans, { features: features(9), k: 3 });
  expect(groupsOf(ours)).toEqual([0, null, 0, 1]);
  expect(theirs).toEqual(ours);
  const warning = [{ level: 'warning', text: 'Only 2 clusters were found' }];
  for (const outcome of await tiers.outcomes(kMeans, { features: features(9), k: 3 }))
    expect(outcome).toMatchObject({ kind: 'succeeded', messages: warning });
  for (const outcome of await tiers.outcomes(kMeans, { features: features(1e200), k: 3 }))
    expect(outcome).toMatchObject({ kind: 'failed', failure: { reason: 'invalid-input' } });
});

it('take finite numbers only', () => tiers.expectFiniteNumbers('cluster_kmeans', { k: 2 }));
