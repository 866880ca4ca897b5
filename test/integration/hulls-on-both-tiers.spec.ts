/** Outlines: tier 2 draws those of tier 1, around all features and around each, or leaves them to it. */
import type { Feature, FeatureCollection, Geometry, Polygon } from 'geojson';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { withClient } from '../../launcher/private-cluster.ts';
import { AWKWARD, asFeature } from '../support/awkward-shapes.js';
import { BothTiers, expectAlike } from '../support/both-tiers.js';
import { planarArea } from '../support/planar-area.js';
import { cities, counties, countries } from '../support/real-data.js';
import { shippedProcess } from '../support/tier-harness.js';

// What is asked here is whether the answers are right, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });

// The coordinates are taken as they are: only the plane matters here.
const crs = { type: 'name', properties: { name: 'EPSG:32632' } };
const SHAPES = Object.entries(AWKWARD).filter(([name]) => name !== 'an empty multipolygon');
const concave = shippedProcess('concave-hull.yaml');
const circle = shippedProcess('minimum-bounding-circle.yaml');

let tiers: BothTiers;
/** Earlier versions of GEOS end the server: all that can be asked there is that they are not used. */
let hasHulls: boolean;
beforeAll(async () => {
  tiers = await BothTiers.start();
  const { rows } = await withClient(tiers.databaseUrl, (client) =>
    client.query<{ version: string }>('select postgis_geos_version() as version'),
  );
  const [, minor, patch] = rows[0]!.version.match(/\d+/g)!.map(Number) as [number, number, number];
  hasHulls = minor > 12 || (minor === 12 && patch >= 1);
});
afterAll(() => tiers.close());

const collection = (features: Feature<Geometry | null>[]): FeatureCollection => ({
  type: 'FeatureCollection',
  features: features as Feature[],
});
const ofStates = (...codes: string[]): FeatureCollection =>
  collection(counties().features.filter(({ properties }) => codes.includes(properties!.state)));
/** Everything but the corner at which a ring starts. */
const told = ({ features }: FeatureCollection): unknown =>
  features.map(({ id, properties, geometry }) => [
    id,
    properties,
    geometry && [geometry.type, cornersOf(geometry)],
  ]);
const isInEurope = ({ geometry }: Feature): boolean =>
  geometry.type === 'Point' && geometry.coordinates[0]! > -10 && geometry.coordinates[0]! < 30;
const cornersOf = (geometry: Geometry): unknown =>
  'coordinates' in geometry &&
  [...new Set(JSON.stringify(geometry.coordinates).match(/\[[-\d.e,]+\]/g))]
    .map((pair) => (JSON.parse(pair) as number[]).map((value) => Number(value.toPrecision(11))).join(' '))
    .sort();

describe('concave-hull', () => {
  it.each([
    {},
    { ratio: 0 },
    { ratio: 0.05, allowHoles: true },
    { ratio: 0.6, allowHoles: true },
    { ratio: 1 },
  ])('around cities and around counties: %j', async (options) => {
    const expectSame = async (inputs: object): Promise<void> => {
      const left = await tiers.refusal(concave, inputs);
      if (!hasHulls) {
        expect(left).toContain('GEOS 3.12.1');
        return;
      }
      expect(left).toBeUndefined();
      const [ours, theirs] = await tiers.results(concave, inputs);
      expect(told(theirs)).toEqual(told(ours));
      ours.features.forEach(({ geometry }: Feature<Polygon>, at: number) =>
        expect(planarArea(theirs.features[at].geometry) / planarArea(geometry)).toBeCloseTo(1, 9),
      );
    };
    const { features } = ofStates('08', '49');
    await expectSame({ features: { ...cities(3_000), crs }, ...options });
    await expectSame({ features: { ...collection(features), crs }, ...options });
    for (let at = 0; at < features.length; at += 3)
      await expectSame({
        features: { ...collection(features.slice(at, at + 3)), crs },
        scope: 'each',
        ...options,
      });
  });

  it('on longitude and latitude, unless something may lie across the antimeridian', async () => {
    const features = collection(cities(3_000).features.filter(isInEurope));
    if (!hasHulls) {
      expect(await tiers.refusal(concave, { features })).toContain('GEOS 3.12.1');
      return;
    }
    const [ours, theirs] = await tiers.results(concave, { features });
    expect(told(theirs)).toEqual(told(ours));
    for (const scope of ['all', 'each'])
      expect(await tiers.refusal(concave, { features: countries(), scope })).toContain('half the globe');
    expect(await tiers.refusal(concave, { features: 'MULTIPOINT ((179 1), (-179 2), (178 3))' })).toContain(
      'half the globe',
    );
    // Each is narrow, all together are not.
    const far = { features: collection([asFeature({ type: 'Point', coordinates: [-100, 1] }, 'west'), asFeature({ type: 'Point', coordinates: [100, 1] }, 'east')]) }; // prettier-ignore
    expect(await tiers.refusal(concave, { ...far, scope: 'each' })).toBeUndefined();
    expect(await tiers.refusal(concave, far)).toContain('half the globe');
  });
});

describe('minimum-bounding-circle', () => {
  it('around cities, counties and each of them, in metres whatever the unit', async () => {
    for (const code of ['EPSG:32632', 'EPSG:2263'])
      for (const features of [cities(2_000), ofStates('08', '49', '02')])
        for (const options of [{}, { segments: 2 }, { scope: 'each' }, { scope: 'each', segments: 5 }]) {
          const inputs = { features: { ...features, crs: { type: 'name', properties: { name: code } } } };
          const [ours, theirs] = await tiers.results(circle, { ...inputs, ...options });
          expectNear(ours, theirs);
        }
  });

  it('leaves longitude and latitude, and coordinates beyond measure, to tier 1', async () => {
    expect(await tiers.refusal(circle, { features: 'POINT (7 46)' })).toContain('on the ground');
    const vast = asFeature({ type: 'MultiPoint', coordinates: [[1e200, 0], [0, -1e200]] }, 'vast'); // prettier-ignore
    expect(await tiers.refusal(circle, { features: { ...collection([vast]), crs } })).toContain('squares');
  });

  it('takes finite numbers only', () =>
    tiers.expectFiniteNumbers('minimum_bounding_circle', { segments: 4, $metersPerUnit: 1 }));
});

/** Circles that are found in other ways differ in the last digits. */
function expectNear(ours: FeatureCollection, theirs: FeatureCollection): void {
  const near = (_: string, value: unknown): unknown =>
    typeof value === 'number' ? Math.round(value * 1e6) / 1e6 + 0 : value;
  expectAlike(JSON.parse(JSON.stringify(ours), near), JSON.parse(JSON.stringify(theirs), near));
}

it.each(SHAPES)('take %s as tier 1 does', async (name, shape) => {
  const alone = collection([asFeature(shape, name)]);
  const beside = collection([asFeature({ type: 'Point', coordinates: [3, 1] }, 'beside'), ...alone.features]);
  for (const features of [alone, beside])
    for (const scope of ['all', 'each'])
      for (const process of [concave, circle]) {
        const inputs = { features: { ...features, crs }, scope };
        if (process === concave && !hasHulls) continue;
        if (process === concave && name.includes('height')) {
          expect(await tiers.refusal(process, inputs)).toContain('heights');
          continue;
        }
        const [ours, theirs] = await tiers.results(process, inputs);
        if (process === concave) expect(told(theirs)).toEqual(told(ours));
        else expectNear(ours, theirs);
      }
});

it('concave hulls take finite numbers only', async () => {
  await withClient(tiers.databaseUrl, async (client) => {
    const call = client.query(`select * from honua_gp.concave_hull('{"ratio":"NaN"}')`);
    await expect(call).rejects.toMatchObject({ code: 'HG002' });
  });
});
