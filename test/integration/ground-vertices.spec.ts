import geodesic from 'geographiclib-geodesic';
import type { Feature, Geometry, Position } from 'geojson';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { GroundDistance } from '../support/ground-distance.js';
import { inPostgis } from '../support/in-postgis.js';
import { load } from '../support/postgis-tables.js';
import { countries } from '../support/real-data.js';
import { runProcess } from '../support/run-process.js';
import { startInProcessTier, type TierHarness } from '../support/tier-harness.js';

const { WGS84 } = geodesic.Geodesic;

// What is asked here is whether the answers are right, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });

let harness: TierHarness;
beforeAll(async () => {
  harness = await startInProcessTier();
});
afterAll(() => harness.close());

const linesOf = (geometry: Geometry | null): Position[][] => {
  if (geometry?.type === 'LineString') return [geometry.coordinates];
  if (geometry?.type === 'Polygon' || geometry?.type === 'MultiLineString') return geometry.coordinates;
  return geometry?.type === 'MultiPolygon' ? geometry.coordinates.flat() : [];
};

const line = (coordinates: Position[]): Feature => ({
  type: 'Feature',
  properties: {},
  geometry: { type: 'LineString', coordinates },
});

describe('simplify in metres on the ground', () => {
  it.each(['topology-preserving', 'douglas-peucker'])(
    '%s: no vertex of a country is left far away',
    async (method) => {
      const names = ['Norway', 'Chile', 'Fiji', 'Kenya', 'Canada'];
      const features = countries().features.filter(({ properties }) => names.includes(properties!.name));
      const before = (
        await runProcess(harness, 'make-valid', { features: { type: 'FeatureCollection', features } })
      ).result;
      const tolerance = 5000;
      const { result } = await runProcess(harness, 'simplify', { features: before, tolerance, method });
      result.features.forEach(({ geometry, properties }: any, at: number) => {
        expect(properties).toEqual(features[at]!.properties);
        const old = linesOf(before.features[at].geometry);
        expect(linesOf(geometry).flat().length).toBeLessThan(old.flat().length / 4);
        const distance = new GroundDistance(geometry);
        // The plain algorithm drops small islands altogether, so only the largest ring is measured.
        const largest = old.reduce((a, b) => (b.length > a.length ? b : a));
        const sample = largest.filter((_, i) => i % Math.ceil(largest.length / 120) === 0);
        const distances = sample.map((position) => distance.to(position));
        if (method === 'topology-preserving')
          expect(Math.max(...distances)).toBeLessThanOrEqual(2 * tolerance);
        expect(distances.filter((one) => one > tolerance * 1.001).length).toBeLessThanOrEqual(2);
        const known = new Set(old.flat().map(([x, y]) => `${x} ${y}`));
        const strangers = linesOf(geometry)
          .flat()
          .filter(([x, y]) => !known.has(`${x} ${y}`));
        if (method === 'topology-preserving') expect(strangers).toEqual([]);
      });
    },
  );

  it('the tolerance is never exceeded along a line', async () => {
    const river = countries().features.find(({ properties }) => properties!.name === 'Norway')!;
    const coast = linesOf(river.geometry)
      .reduce((a, b) => (b.length > a.length ? b : a))
      .slice(0, -1);
    for (const tolerance of [300, 30_000]) {
      const { result } = await runProcess(harness, 'simplify', { features: line(coast), tolerance });
      const distance = new GroundDistance(result.features[0].geometry);
      for (const position of coast.filter((_, i) => i % 25 === 0))
        expect(distance.to(position)).toBeLessThanOrEqual(tolerance * 1.0001);
    }
  });

  it('what was valid stays valid, and no island is lost, preserving topology', async () => {
    const data = { ...countries(), features: countries().features.filter((_, i) => i % 3 === 0) };
    const repaired = (await runProcess(harness, 'make-valid', { features: data })).result;
    const { result } = await runProcess(harness, 'simplify', { features: repaired, tolerance: 20_000 });
    const rows = await inPostgis(async (client) => {
      await load(client, 'before', repaired, { asTheyAre: true });
      await load(client, 'after', result, { asTheyAre: true });
      const sql = `select n, st_isvalid(a.geom) as valid, st_numgeometries(a.geom) as parts, st_numgeometries(b.geom) as were
                   from before b join after a using (n) where not st_isvalid(a.geom) or st_numgeometries(a.geom) <> st_numgeometries(b.geom)`;
      return (await client.query(sql)).rows;
    });
    expect(rows).toEqual([]);
  });
});

describe('densify in metres on the ground', () => {
  it('no edge is longer than asked, none needlessly short, and the vertices were on the edges', async () => {
    const lines = [
      [
        [-123.3, 49],
        [-95.2, 49],
      ],
      [
        [0, 0],
        [80, 80],
      ],
      [
        [-30, -70],
        [30, 60],
        [170, 85],
      ],
      [
        [170, 10],
        [-170, 20],
      ],
    ];
    const { result } = await runProcess(harness, 'densify', {
      features: { type: 'FeatureCollection', features: lines.map(line) },
      maxSegmentLength: { value: 50, unit: 'kilometers' },
    });
    result.features.forEach(({ geometry }: any, at: number) => {
      const dense = geometry.coordinates as [number, number][];
      const lengths = dense
        .slice(1)
        .map(([lon, lat], i) => WGS84.Inverse(dense[i]![1], dense[i]![0], lat, lon).s12!);
      expect(Math.max(...lengths)).toBeLessThanOrEqual(50_000);
      if (at === 0) expect(Math.min(...lengths)).toBeGreaterThan(48_000);
      const original = new GroundDistance({ type: 'LineString', coordinates: lines[at]! });
      for (const position of dense) expect(original.to(position)).toBeLessThan(0.01);
    });
  });

  it('refuses to make more vertices than anybody can use', async () => {
    await expect(
      runProcess(harness, 'densify', { features: 'LINESTRING (0 0, 100 0)', maxSegmentLength: 0.001 }),
    ).rejects.toThrow(/5000000 vertices/);
  });
});
