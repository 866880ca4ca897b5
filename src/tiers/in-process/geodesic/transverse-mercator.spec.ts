import { expect, it } from 'vitest';
import proj4 from 'proj4';
import { AzimuthalEquidistant } from './azimuthal-equidistant.js';
import type { LocalProjection } from './projection.js';
import { TransverseMercator } from './transverse-mercator.js';

it('computes UTM as proj4 does', () => {
  const { forward } = proj4('+proj=longlat +datum=WGS84', '+proj=utm +zone=32 +datum=WGS84');
  const mercator = new TransverseMercator(9, 0);
  for (const [lon, lat] of [
    [9, 0],
    [6, 47],
    [12.5, -80],
    [3, 84],
  ] as const) {
    const [x, y] = mercator.forward(lon, lat);
    const [east, north] = forward([lon, lat]) as [number, number];
    expect(x * 0.9996 + 500_000).toBeCloseTo(east, 6);
    expect(y * 0.9996).toBeCloseTo(north, 6);
  }
});

it.each<[string, LocalProjection]>([
  ['transverse Mercator', new TransverseMercator(179, 85)],
  ['azimuthal equidistant', new AzimuthalEquidistant(179, 85)],
])('%s comes back to where it started, over the antimeridian and the pole', (_name, projection) => {
  for (const [lon, lat] of [
    [179, 85],
    [181, 86],
    [-179, 84],
    [0, 89.9],
    [90, 89.99],
    [-90, 88],
  ] as const) {
    const [back, latBack] = projection.inverse(...projection.forward(lon, lat));
    expect(latBack).toBeCloseTo(lat, 9);
    expect(Math.abs(((back - lon + 540) % 360) - 180)).toBeLessThan(1e-7);
  }
});
