/** Cells and triangles: tier 2 draws those of tier 1, or leaves them to it. */
import type { Feature, FeatureCollection, Polygon, Position } from 'geojson';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Outcome } from '../../src/execution/index.js';
import { BothTiers } from '../support/both-tiers.js';
import { planarArea } from '../support/planar-area.js';
import { cities, countries } from '../support/real-data.js';
import { shippedProcess } from '../support/tier-harness.js';

// What is asked here is whether the answers are right, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });

let tiers: BothTiers;
beforeAll(async () => {
  tiers = await BothTiers.start();
});
afterAll(() => tiers.close());

const collection = (features: Feature[]): FeatureCollection => ({ type: 'FeatureCollection', features });
const points = (places: Position[]): FeatureCollection =>
  collection(
    places.map((coordinates, n) => ({
      type: 'Feature',
      properties: { n },
      geometry: { type: 'Point', coordinates },
    })),
  );
/** Doubled places, points of one feature and a feature that is nowhere, among real ones without ids. */
function awkward(): FeatureCollection {
  const { features } = cities(800);
  const some = features.slice(0, 30).map(({ geometry }: any) => geometry.coordinates as Position);
  return collection([
    { type: 'Feature', properties: null, geometry: null as never },
    ...features.slice(0, 300).map(({ geometry, properties }): Feature => ({
      type: 'Feature',
      properties,
      geometry,
    })),
    {
      type: 'Feature',
      id: 'many',
      properties: { a: 1 },
      geometry: { type: 'MultiPoint', coordinates: some },
    },
    {
      type: 'Feature',
      properties: { b: [null, 'ü'] },
      geometry: {
        type: 'MultiPoint',
        coordinates: [
          [-0, 0],
          [0, 0],
          [170.5, -70.25],
          [-170.25, 70.5],
        ],
      },
    },
    ...features.slice(300),
  ]);
}

const messagesOf = (outcome: Outcome): string[] =>
  outcome.kind === 'succeeded' ? outcome.messages.map(({ text }) => text).sort() : [outcome.kind];
const told = ({ features }: FeatureCollection): unknown =>
  features.map(({ id, properties }) => [id, properties]);

function expectSameShapes(ours: FeatureCollection, theirs: FeatureCollection): void {
  expect(told(theirs)).toEqual(told(ours));
  ours.features.forEach(({ geometry }, at) => {
    const [mine, other] = [
      boxAndArea(geometry as Polygon),
      boxAndArea(theirs.features[at]!.geometry as Polygon),
    ];
    mine.forEach((value, part) => expect(Math.abs(value - other[part]!)).toBeLessThan(1e-6));
  });
}
function boxAndArea(geometry: Polygon): number[] {
  const numbers = JSON.stringify(geometry.coordinates)
    .match(/-?[\d.e-]+/g)!
    .map(Number);
  const [xs, ys] = [0, 1].map((axis) => numbers.filter((_, n) => n % 2 === axis)) as [number[], number[]];
  const least = (values: number[]): number => values.reduce((a, b) => Math.min(a, b));
  const most = (values: number[]): number => values.reduce((a, b) => Math.max(a, b));
  return [least(xs), least(ys), most(xs), most(ys), planarArea(geometry)];
}

describe('voronoi', () => {
  const voronoi = shippedProcess('voronoi.yaml');

  it('draws the same cells for 20,000 cities', async () => {
    const features = cities(20_000);
    const [ours, theirs] = await tiers.results(voronoi, { features }, { timeoutMs: 170_000 });
    expect(ours.features.length).toBeGreaterThan(19_900);
    expectSameShapes(ours, theirs);
  });

  it('draws them alike for points in one place, of one feature, and nowhere, with the same words', async () => {
    const inputs = { features: awkward() };
    const [ours, theirs] = await tiers.results(voronoi, inputs);
    expectSameShapes(ours, theirs);
    const [mine, other] = await tiers.outcomes(voronoi, inputs);
    expect(messagesOf(other)).toEqual(messagesOf(mine));
    expect(messagesOf(other)).toEqual(['31 points lie where another one does and were left out']);
  });

  it('cuts them to the same areas, also to several that overlap and to invalid ones', async () => {
    const { features } = countries();
    const named = (...names: string[]): Feature[] =>
      features.filter(({ properties }) => names.includes(properties!.name));
    const areas = named('Brazil', 'Egypt', 'Sudan', 'India', 'Indonesia', 'Fiji', 'Norway');
    const bowTie: Feature = {
      type: 'Feature',
      properties: {},
      geometry: { type: 'Polygon', coordinates: [[[0, 0], [20, 20], [20, 0], [0, 20], [0, 0]]] }, // prettier-ignore
    };
    for (const extent of [collection(areas), collection([bowTie]), collection([...areas, bowTie])]) {
      const inputs = { features: cities(1_200), extent };
      const [ours, theirs] = await tiers.results(voronoi, inputs);
      expectSameShapes(ours, theirs);
      expect(theirs.features.length).toBeGreaterThan(10);
      const [mine, other] = await tiers.outcomes(voronoi, inputs);
      expect(messagesOf(other)).toEqual(messagesOf(mine));
    }
  });
});

describe('delaunay', () => {
  const delaunay = shippedProcess('delaunay.yaml');
  /** The corners of each triangle, from the least on, counter-clockwise. */
  const corners = ({ features }: FeatureCollection): string[] =>
    features
      .map(({ properties, geometry }) => {
        const { point_a, point_b, point_c } = properties!;
        const names = [point_a, point_b, point_c].map(String).sort();
        const ring = (geometry as Polygon).coordinates[0]!.slice(0, 3).map(String);
        const first = ring.indexOf([...ring].sort()[0]!);
        return JSON.stringify([names, ring[first], ring[(first + 1) % 3], ring[(first + 2) % 3]]);
      })
      .sort();

  it('draws the same triangles between points that lie anyhow', async () => {
    // By a multiplicative congruence: no four on a circle.
    let seed = 42;
    const next = (): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return Math.round((seed / 2_147_483_647) * 1e9) / 1e9;
    };
    const features = points(Array.from({ length: 5_000 }, () => [next() * 2, next()]));
    const [ours, theirs] = await tiers.results(delaunay, { features });
    expect(corners(theirs)).toEqual(corners(ours));
    expect(ours.features.length).toBeGreaterThan(9_900);
  });

  it('names corners that follow each other counter-clockwise, as the ring has them', async () => {
    const [, theirs] = await tiers.results(delaunay, { features: awkward() });
    for (const { properties, geometry } of theirs.features as Feature<Polygon>[]) {
      const [[ax, ay], [bx, by], [cx, cy]] = geometry.coordinates[0] as any;
      expect((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)).toBeGreaterThan(0);
      expect(Object.keys(properties!)).toEqual(['point_a', 'point_b', 'point_c']);
    }
  });

  it('covers with as many triangles what tier 1 covers, cities on one circle among them', async () => {
    const inputs = { features: cities(5_000) };
    const [ours, theirs] = await tiers.results(delaunay, inputs);
    expect(theirs.features).toHaveLength(ours.features.length);
    const shared = new Set(corners(ours));
    expect(corners(theirs).filter((one) => shared.has(one)).length).toBeGreaterThan(0.99 * shared.size);
    const total = ({ features }: FeatureCollection): number =>
      features.reduce((sum, { geometry }) => sum + planarArea(geometry), 0);
    expect(total(theirs) / total(ours)).toBeCloseTo(1, 12);
  });
});

it('leave points that are fewer than three, or in a line, to tier 1', async () => {
  for (const process of ['voronoi', 'delaunay'])
    for (const places of [
      [],
      [[1, 2]],
      [
        [1, 2],
        [3, 4],
        [1, 2],
      ],
      [
        [0, 0],
        [1, 3],
        [2, 6],
        [0.1, 0.3],
      ],
    ])
      // prettier-ignore
      expect(
        await tiers.refusal(shippedProcess(`${process}.yaml`), { features: points(places as Position[]) }),
      ).toContain('fewer than three');
});

it('leave coordinates whose squares are no numbers to tier 1', async () => {
  for (const process of ['voronoi', 'delaunay'])
    expect(
      // prettier-ignore
      await tiers.refusal(shippedProcess(`${process}.yaml`), { features: points([[1, 2], [1e200, 4], [3, 3]]) }),
    ).toContain('squares');
});
