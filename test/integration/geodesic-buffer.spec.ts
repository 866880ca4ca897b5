import type { Feature, Geometry, Position } from 'geojson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Geos } from '../../src/geometry-codecs/worker.js';
import { GroundDistance, outerPositions } from '../support/ground-distance.js';
import { ringArea } from '../support/planar-area.js';
import { countries } from '../support/real-data.js';
import {
  attemptOf,
  outputsOf,
  shippedProcess,
  startInProcessTier,
  type TierHarness,
} from '../support/tier-harness.js';

const TOLERANCE = 0.005;
const CHECKED = 60;

let harness: TierHarness;
let geos: Geos;
beforeAll(async () => {
  harness = await startInProcessTier();
  geos = await Geos.start();
});
afterAll(() => harness.close());

async function bufferOf(geometry: Geometry, meters: number): Promise<Geometry> {
  const inputs = { features: { type: 'Feature', properties: null, geometry }, distance: meters };
  const { result } = await outputsOf(harness, attemptOf(shippedProcess('buffer.yaml'), { inputs }));
  return (result.features as Feature[])[0]!.geometry;
}

/** The largest relative error among some of the result's positions. */
function worstError(source: Geometry, result: Geometry, meters: number): number {
  const ground = new GroundDistance(source);
  const positions = outerPositions(result);
  const step = Math.max(1, Math.floor(positions.length / CHECKED));
  const errors = positions
    .filter((_, index) => index % step === 0)
    .map((position) => Math.abs(ground.to(position) - Math.abs(meters)) / Math.abs(meters));
  expect(errors.length).toBeGreaterThan(3);
  return Math.max(...errors);
}

function expectWellFormed(result: Geometry): void {
  expect(geos.arena(() => geos.isValid(geos.write(result)))).toBe(true);
  const polygons = result.type === 'Polygon' ? [result.coordinates] : (result as any).coordinates;
  for (const [shell, ...holes] of polygons as Position[][][]) {
    expect(ringArea(shell!)).toBeGreaterThan(0);
    for (const hole of holes) expect(ringArea(hole)).toBeLessThan(0);
  }
  for (const [lon, lat] of polygons.flat(2) as Position[]) {
    expect(Math.abs(lon!)).toBeLessThanOrEqual(180);
    expect(Math.abs(lat!)).toBeLessThanOrEqual(90);
  }
}

const POINT = (lon: number, lat: number): Geometry => ({ type: 'Point', coordinates: [lon, lat] });
const LINE = (...coordinates: Position[]): Geometry => ({ type: 'LineString', coordinates });

describe('a buffer on the globe', () => {
  it.each<[string, Geometry, number]>([
    ['a point', POINT(8, 47), 1_000],
    ['a point on the antimeridian', POINT(180, -17), 10_000],
    ['a point beyond the antimeridian', POINT(190, -17), 10_000],
    ['the North Pole', POINT(0, 90), 10_000],
    ['a point beside the North Pole', POINT(50, 89.95), 10_000],
    ['a point beside the South Pole', POINT(10, -89.5), 100_000],
    ['a point, 1,000 km', POINT(170, 60), 1_000_000],
    ['a point, 5,000 km', POINT(170, 45), 5_000_000],
    ['a line of a metre', LINE([8, 47], [9, 47.5]), 1],
    ['a line along a parallel', LINE([0, 60], [40, 60]), 1_000],
    ['a line over half the globe', LINE([0, 60], [140, 50]), 50_000],
    ['a line over the antimeridian', LINE([179, -17], [181, -16]), 10_000],
    ['a line that jumps over the antimeridian', LINE([179, -17], [-179, -16]), 10_000],
    ['a line round the pole', LINE(...Array.from({ length: 37 }, (_, i) => [i * 10 - 180, 88])), 50_000],
    ['a line over the pole', LINE([0, 89], [180, 89]), 10_000],
    [
      'a square over the antimeridian',
      {
        type: 'Polygon',
        coordinates: [
          [
            [179, 0],
            [181, 0],
            [181, 2],
            [179, 2],
            [179, 0],
          ],
        ],
      },
      -20_000,
    ],
    [
      'points all over',
      {
        type: 'MultiPoint',
        coordinates: [
          [0, 0],
          [0.05, 0],
          [120, 80],
          [-70, -50],
        ],
      },
      5_000,
    ],
  ])('of %s', async (_name, source, meters) => {
    const result = await bufferOf(source, meters);
    expectWellFormed(result);
    expect(worstError(source, result, meters)).toBeLessThan(TOLERANCE);
  });

  it.each<[string, number]>([
    ['Fiji', 10_000],
    ['Fiji', -2_000],
    ['Russia', 10_000],
    ['Antarctica', 10_000],
    ['Antarctica', -20_000],
    ['Norway', 10_000],
    ['Switzerland', -20_000],
    ['Switzerland', 500_000],
    ['New Zealand', 1_000],
  ])('of %s by %d m', async (name, meters) => {
    const country = countries().features.find(({ properties }) => properties!.name === name)!;
    const result = await bufferOf(country.geometry, meters);
    expectWellFormed(result);
    expect(worstError(country.geometry, result, meters)).toBeLessThan(TOLERANCE);
  });

  it('has at least 16 segments in each quarter of a circle', async () => {
    const circle = (await bufferOf(POINT(8, 47), 1_000)) as { coordinates: Position[][] };
    expect(circle.coordinates[0]!.length).toBeGreaterThanOrEqual(65);
  });

  it('holds the source, and a pole that is near', async () => {
    const cap = await bufferOf(POINT(50, 89.95), 10_000);
    geos.arena(() => {
      const area = geos.write(cap);
      for (const lon of [-179, -90, 0, 90, 179]) {
        expect(geos.intersects(area, geos.write(POINT(lon, 89.999)))).toBe(true);
      }
      expect(geos.intersects(area, geos.write(POINT(-130, 89.9)))).toBe(false);
    });
  });

  it('keeps order, ids and attributes, and tells of what vanished and what was repaired', async () => {
    const features = [
      { type: 'Feature', id: 0, properties: { a: [1, { b: null }] }, geometry: POINT(0, 0) },
      { type: 'Feature', properties: null, geometry: null },
      {
        type: 'Feature',
        id: 'x',
        properties: {},
        geometry: {
          type: 'Polygon',
          coordinates: [
            [
              [0, 0],
              [1, 1],
              [1, 0],
              [0, 1],
              [0, 0],
            ],
          ],
        },
      },
    ];
    const attempt = attemptOf(shippedProcess('buffer.yaml'), {
      inputs: { features: { type: 'FeatureCollection', features }, distance: -1000 },
    });
    const started = await harness.tier.start(attempt);
    if (started.kind !== 'finished' || started.outcome.kind !== 'succeeded')
      throw new Error(JSON.stringify(started));
    const { outputs, messages } = started.outcome;
    const result = JSON.parse((await harness.bytesOf(outputs[0]!.payload)).toString());
    expect(result.features.map(({ id, properties }: Feature) => ({ id, properties }))).toEqual(
      features.map(({ id, properties }) => ({ id, properties })),
    );
    expect(result.features.map(({ geometry }: Feature) => geometry?.type ?? null)).toEqual([
      null,
      null,
      'MultiPolygon',
    ]);
    expect(messages.map(({ text }) => text)).toEqual([
      '1 invalid geometries of features were repaired: feature "x"',
      '1 features have nothing left at this distance: feature 0',
    ]);
  });
});
