import type { Position } from 'geojson';
import type { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inPostgis } from '../support/in-postgis.js';
import { supportedCrs } from '../../src/geometry-codecs/worker.js';
import {
  attemptOf,
  outputsOf,
  shippedProcess,
  startInProcessTier,
  type TierHarness,
} from '../support/tier-harness.js';

/** Where each system is meant to be used: [west, south, east, north]. */
const AREAS: Record<string, [number, number, number, number]> = {
  'EPSG:3413': [-180, 60, 180, 89.9],
  'EPSG:3995': [-180, 60, 180, 89.9],
  'EPSG:3031': [-180, -89.9, 180, -60],
  'EPSG:3976': [-180, -89.9, 180, -60],
  'EPSG:3035': [-16, 33, 40, 83],
  'EPSG:3034': [-16, 33, 40, 83],
  'EPSG:2154': [-9.8, 41.2, 10.4, 51.6],
  'EPSG:2056': [5.96, 45.82, 10.49, 47.81],
  'EPSG:21781': [5.96, 45.82, 10.49, 47.81],
  'EPSG:2180': [14.1, 49, 24.2, 55],
  'EPSG:3006': [10.9, 54.9, 24.2, 69.1],
  'EPSG:3067': [19, 59.5, 31.6, 70.1],
  'EPSG:5070': [-125, 24.4, -66.9, 49.4],
  'EPSG:3310': [-124.5, 32.5, -114.1, 42],
  'EPSG:3347': [-141, 40, -47.7, 86.5],
  'EPSG:2263': [-74.3, 40.4, -71.8, 41.3],
  'EPSG:2193': [166.3, -47.4, 178.6, -34],
  'EPSG:3577': [112.8, -43.7, 153.7, -9.8],
  'EPSG:4258': [-16, 33, 40, 83],
  'EPSG:4269': [-172, 24, -47, 86],
};
const WORLD: [number, number, number, number] = [-179, -80, 179, 84];
const POINTS = 60;

function areaOf(crs: string): [number, number, number, number] {
  if (AREAS[crs]) return AREAS[crs];
  const code = Number(crs.slice(5));
  const base = [32600, 32700, 25800, 26900].find((start) => code > start && code <= start + 60);
  if (base === undefined) return WORLD;
  const west = (code - base) * 6 - 186;
  return base === 32700 ? [west, -80, west + 6, 0] : [west, 0, west + 6, 84];
}

/** The same points at every run: a lattice that repeats in neither direction. */
function pointsIn([west, south, east, north]: [number, number, number, number]): Position[] {
  const part = (i: number, step: number): number => (i * step) % 1;
  return Array.from({ length: POINTS }, (_, i) => [
    west + (east - west) * part(i + 1, 0.618033988749895),
    south + (north - south) * part(i + 1, 0.754877666246693),
  ]);
}

let harness: TierHarness;
beforeAll(async () => {
  harness = await startInProcessTier();
});
afterAll(() => harness.close());

const isUtm = (crs: string): boolean => /^EPSG:(326|327|258|269)\d\d$/.test(crs);

/** The largest distance between our points and PROJ's, in the system's unit. */
async function worstError(crs: string, proj: Client): Promise<number> {
  const points = pointsIn(areaOf(crs));
  const inputs = { features: { type: 'MultiPoint', coordinates: points }, targetCrs: crs };
  const { result } = await outputsOf(harness, attemptOf(shippedProcess('reproject.yaml'), { inputs }));
  const ours: Position[] = result.features[0].geometry.coordinates;
  const srid = crs === 'OGC:CRS84' ? 4326 : Number(crs.slice(5));
  const { rows } = await proj.query<{ x: number; y: number }>(
    `select st_x(p) as x, st_y(p) as y
     from (select st_transform(st_setsrid(st_makepoint((c->>0)::float8, (c->>1)::float8), 4326), $2::int) as p
           from jsonb_array_elements($1::jsonb) with ordinality as t(c, n) order by n) q`,
    [JSON.stringify(points), srid],
  );
  return Math.max(...rows.map(({ x, y }, i) => Math.hypot(x - ours[i]![0]!, y - ours[i]![1]!)));
}

it.each(supportedCrs().filter((crs) => !isUtm(crs)))('computes %s as PROJ does', async (crs) => {
  const geographic = ['EPSG:4326', 'EPSG:4258', 'EPSG:4269', 'OGC:CRS84'].includes(crs);
  expect(await inPostgis((proj) => worstError(crs, proj))).toBeLessThan(geographic ? 1e-9 : 1e-4);
});

it('computes every UTM zone as PROJ does', async () => {
  await inPostgis(async (proj) => {
    const errors: Record<string, number> = {};
    for (const crs of supportedCrs().filter(isUtm)) errors[crs] = await worstError(crs, proj);
    expect(Object.entries(errors).filter(([, worst]) => worst > 1e-4)).toEqual([]);
    expect(Object.keys(errors)).toHaveLength(149);
  });
});
