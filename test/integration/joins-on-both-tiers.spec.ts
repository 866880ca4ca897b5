/** Joins by place: tier 2 gives what tier 1 gives, feature by feature, or leaves it to it. */
import type { Feature, FeatureCollection, Geometry } from 'geojson';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { withClient } from '../../launcher/private-cluster.ts';
import type { Outcome } from '../../src/execution/index.js';
import { AWKWARD, asFeature } from '../support/awkward-shapes.js';
import { BothTiers, expectAlike } from '../support/both-tiers.js';
import { cities, counties, countries } from '../support/real-data.js';
import { shippedProcess } from '../support/tier-harness.js';

// What is asked here is whether the answers are right, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });

let tiers: BothTiers;
beforeAll(async () => {
  tiers = await BothTiers.start();
});
afterAll(() => tiers.close());

const collection = (features: Feature<Geometry | null>[]): FeatureCollection => ({
  type: 'FeatureCollection',
  features: features as Feature[],
});
const ofStates = (...codes: string[]): FeatureCollection =>
  collection(counties().features.filter(({ properties }) => codes.includes(properties!.state)));
const at = (x: number, y: number, properties: object = {}): Feature => ({
  type: 'Feature',
  properties: { ...properties },
  geometry: { type: 'Point', coordinates: [x, y] },
});

/** An empty list of parts is refused when the request is read. */
const SHAPES = Object.entries(AWKWARD).filter(([name]) => name !== 'an empty multipolygon');

const messagesOf = (outcome: Outcome): string[] =>
  outcome.kind === 'succeeded' ? outcome.messages.map(({ text }) => text).sort() : [outcome.kind];

describe('spatial-join', () => {
  const join = shippedProcess('spatial-join.yaml');

  it('puts more than 100,000 cities into the countries they are in', async () => {
    const features = cities(120_000);
    const inputs = { features, join: countries(), predicate: 'within' };
    const [ours, theirs] = await tiers.results(join, inputs, { timeoutMs: 170_000 });
    expect(theirs.features).toHaveLength(120_000);
    expectAlike(ours, theirs);
    expect(ours.features.filter(({ properties }: any) => properties.join_count > 0).length).toBeGreaterThan(
      100_000,
    );
  });

  it.each(['intersects', 'within', 'contains', 'touches', 'crosses', 'overlaps', 'equals'])(
    'joins counties, some of them invalid, to counties beside them: %s',
    async (predicate) => {
      const features = ofStates('02', '08', '49', '53');
      const inputs = { features, join: ofStates('08', '49', '30'), predicate };
      for (const type of ['one-to-one', 'one-to-many'])
        for (const keepUnmatched of [true, false]) {
          const [ours, theirs] = await tiers.results(join, { ...inputs, type, keepUnmatched });
          expectAlike(ours, theirs);
          expect(ours.features.length > 0).toBe(keepUnmatched || !/crosses|overlaps/.test(predicate));
        }
    },
  );

  it('names attributes as tier 1 does, whatever they are called', async () => {
    const features = collection([
      { ...at(0, 0, { name: 'a', join_count: 'mine', 'ä"\\': 1 }), id: 'one' },
      { ...at(0, 0), properties: null },
      { type: 'Feature', id: 7, properties: { name: null, other: { deep: [1, null] } }, geometry: null },
    ]);
    const others = collection([
      at(0, 0, { name: 'b', join_name: 'c', distance_m: 1.5e300, 'ä"\\': '\u2028', 10: true }),
      { ...at(0, 0, { late: [1], name: {} }), id: 'ü' },
      { ...at(5, 5), properties: null },
    ]);
    for (const options of [{}, { prefix: 'x' }, { type: 'one-to-many', prefix: 'join_join_' }]) {
      const [ours, theirs] = await tiers.results(join, { features, join: others, ...options });
      expectAlike(ours, theirs);
    }
    const [, { features: joined }] = await tiers.results(join, { features, join: others });
    expect(joined[0].properties).toMatchObject({ join_name: 'b', join_join_name: 'c', join_count: 2 });
    for (const outcome of await tiers.outcomes(join, { features, join: others, prefix: '' }))
      expect(outcome).toMatchObject({
        kind: 'failed',
        failure: { message: '/inputs/prefix: must not be empty where the name name is taken' },
      });
  });

  it.each(SHAPES)('takes %s as tier 1 does, or leaves it to it', async (name, shape) => {
    const others = SHAPES.flatMap(([other, geometry]) =>
      other.includes('collection') ? [] : [asFeature(geometry, other)],
    );
    const features = collection([asFeature(shape, name)]);
    for (const predicate of ['intersects', 'contains', 'equals']) {
      const inputs = { features, join: collection(others), predicate, type: 'one-to-many' };
      if (name === 'points, lines and areas in a collection')
        expect(await tiers.refusal(join, inputs)).toContain('Collections within collections');
      else if (name.includes('collection') && predicate !== 'intersects')
        expect(await tiers.refusal(join, inputs)).toContain('How collections');
      else {
        expectAlike(...(await tiers.results(join, inputs)));
        const [ours, theirs] = await tiers.outcomes(join, inputs);
        expect(messagesOf(theirs)).toEqual(messagesOf(ours));
      }
    }
  });
});

describe('clusters', () => {
  const crs = { type: 'name', properties: { name: 'EPSG:32632' } };
  it.each([
    ['cluster-dbscan', { distance: 3, minPoints: 2 }],
    ['cluster-within', { distance: 3 }],
    ['cluster-kmeans', { k: 3 }],
  ])('%s: features come back as they were sent, repaired only to be measured', async (id, options) => {
    const process = shippedProcess(`${id}.yaml`);
    const shapes = SHAPES.filter(([name]) => name !== 'points, lines and areas in a collection');
    const features = collection(shapes.map(([name, shape]) => asFeature(shape, name)));
    const inputs = { features: { ...features, crs }, ...options };
    const [ours, theirs] = await tiers.results(process, inputs);
    expectAlike(ours, theirs);
    expect(theirs.features.map(({ geometry }: Feature) => geometry)).toEqual(
      features.features.map(({ geometry }) => geometry),
    );
    const [first, second] = await tiers.outcomes(process, inputs);
    expect(messagesOf(second)).toEqual(messagesOf(first));
    const nested = asFeature(AWKWARD['points, lines and areas in a collection']!, 'nested');
    expect(
      await tiers.refusal(process, { features: { ...collection([nested]), crs }, ...options }),
    ).toContain('Collections within collections');
  });

  it('leave coordinates beyond measure to tier 1', async () => {
    const features = { ...collection([at(1e200, 0)]), crs };
    expect(await tiers.refusal(shippedProcess('cluster-within.yaml'), { features, distance: 1 })).toContain(
      'squares',
    );
  });
});

describe('nearest', () => {
  const nearest = shippedProcess('nearest.yaml');
  // The coordinates are taken as they are: only the plane matters here.
  const inPlane = (set: FeatureCollection, code = 'EPSG:32632'): object => ({
    ...set,
    crs: { type: 'name', properties: { name: code } },
  });

  it.each([
    [{}, 3_000, 20_000],
    [{ count: 4 }, 2_000, 5_000],
    [{ count: 3, maxDistance: 0.4 }, 3_000, 3_000],
    [{ count: 2, maxDistance: 0.1, keepUnmatched: false }, 3_000, 3_000],
    [{ maxDistance: { value: 300, unit: 'feet' } }, 1_000, 1_000],
  ])('finds the same neighbours of cities: %j', async (options, many, others) => {
    const features = cities(many);
    const to = collection(
      cities(others + 50)
        .features.slice(50)
        .reverse(),
    );
    const inputs = { features: inPlane(features), to: inPlane(to), ...options };
    const [ours, theirs] = await tiers.results(nearest, inputs);
    expectAlike(ours, theirs);
    expect(ours.features.length).toBeGreaterThan(500);
  });

  it('measures between counties, some of them invalid, and tells metres whatever the unit', async () => {
    const [features, to] = [ofStates('02', '08'), ofStates('49', '08', '53')];
    const metres = { features: inPlane(features), to: inPlane(to), count: 8 };
    const [ours, theirs] = await tiers.results(nearest, metres);
    expectAlike(ours, theirs);
    expect(ours.features.some(({ properties }: any) => properties.distance_m === 0)).toBe(true);
    // US survey feet.
    const feet = { features: inPlane(features, 'EPSG:2263'), to: inPlane(to, 'EPSG:2263'), count: 8 };
    const [inFeet, ofPostgis] = await tiers.results(nearest, feet);
    expectAlike(inFeet, ofPostgis);
    const far = (set: any): number => set.features[7].properties.distance_m;
    expect(far(ofPostgis) / far(theirs)).toBeCloseTo(1200 / 3937, 9);
  });

  it('ranks what is equally far by its order', async () => {
    const lattice = Array.from({ length: 400 }, (_, n) => at(n % 20, Math.floor(n / 20)));
    const features = collection(lattice.map(({ geometry }) => at(0, 0, { geometry })).slice(0, 3));
    const middles = Array.from({ length: 100 }, (_, n) => at((n % 10) + 0.5, Math.floor(n / 10) + 0.5));
    for (const set of [features, collection(middles), collection(lattice)]) {
      const inputs = { features: inPlane(set), to: inPlane(collection(lattice)), count: 5 };
      expectAlike(...(await tiers.results(nearest, inputs)));
    }
  });

  it.each(SHAPES)('takes %s as tier 1 does, or leaves it to it', async (name, shape) => {
    const others = SHAPES.map(([other, geometry]) => asFeature(geometry, other));
    const inputs = {
      features: inPlane(collection([asFeature(shape, name)])),
      to: inPlane(collection(others)),
      count: 1000,
    };
    if (name === 'points, lines and areas in a collection') {
      expect(await tiers.refusal(nearest, inputs)).toContain('Collections within collections');
      return;
    }
    expectAlike(...(await tiers.results(nearest, inputs)));
    const [ours, theirs] = await tiers.outcomes(nearest, inputs);
    expect(messagesOf(theirs)).toEqual(messagesOf(ours));
  });

  it('leaves longitude and latitude, and coordinates beyond measure, to tier 1', async () => {
    expect(await tiers.refusal(nearest, { features: 'POINT (7 46)', to: 'POINT (8 47)' })).toContain(
      'on the ground',
    );
    const [near, vast] = [inPlane(collection([at(1, 1)])), inPlane(collection([at(1, 1), at(-1e200, 0)]))];
    expect(await tiers.refusal(nearest, { features: near, to: vast })).toContain('squares');
    expect(await tiers.refusal(nearest, { features: vast, to: near })).toContain('squares');
  });

  it('takes finite numbers only', async () => {
    await withClient(tiers.databaseUrl, async (client) => {
      for (const name of ['count', 'maxDistance', '$metersPerUnit'])
        for (const wrong of ['NaN', 'Infinity', '-Infinity']) {
          const call = client.query('select * from honua_gp.nearest($1)', [
            JSON.stringify({ [name]: wrong }),
          ]);
          await expect(call).rejects.toMatchObject({ code: 'HG002' });
        }
    });
  });
});
