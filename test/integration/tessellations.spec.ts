import type { Feature, FeatureCollection, Position } from 'geojson';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { inPostgis } from '../support/in-postgis.js';
import { planarArea } from '../support/planar-area.js';
import { load } from '../support/postgis-tables.js';
import { cities, countries } from '../support/real-data.js';
import { runProcess } from '../support/run-process.js';
import { startInProcessTier, type TierHarness } from '../support/tier-harness.js';

// What is asked here is whether the answers are right, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });

let harness: TierHarness;
beforeAll(async () => {
  harness = await startInProcessTier();
});
afterAll(() => harness.close());

const points = (coordinates: Position[]): FeatureCollection => ({
  type: 'FeatureCollection',
  features: coordinates.map((position, id): Feature => ({
    type: 'Feature',
    id,
    properties: { place: id },
    geometry: { type: 'Point', coordinates: position },
  })),
});

const box = (west: number, south: number, east: number, north: number): Feature => ({
  type: 'Feature',
  properties: null,
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
      ],
    ],
  },
});

const total = (features: any[]): number =>
  features.reduce((sum, { geometry }) => sum + planarArea(geometry), 0);

/** Cities whose positions differ, 1 m and less apart among them. */
function crowded(): FeatureCollection {
  const features = cities(3000).features;
  const near = features.slice(0, 200).map(({ geometry }, i): Position => {
    const [x, y] = (geometry as any).coordinates;
    return [x + 1e-6 * ((i % 7) + 1), y - 1e-6 * ((i % 5) + 1)];
  });
  return points([...features.map(({ geometry }) => (geometry as any).coordinates as Position), ...near]);
}

describe('voronoi', () => {
  it('has the cells of PostGIS for 3,200 cities, some of them a hand apart', async () => {
    const data = crowded();
    const extent = box(-181, -60, 181, 80);
    const { result } = await runProcess(harness, 'voronoi', { features: data, extent });
    const expected = await inPostgis(async (client) => {
      await load(client, 'p', data);
      await load(client, 'frame', { type: 'FeatureCollection', features: [extent] });
      const sql = `with cells as (select (st_dump(st_voronoipolygons(st_collect(p.geom), 0, (select geom from frame)))).geom as cell from p)
                   select p.n, st_area(st_intersection(cell, (select geom from frame))) as area from cells join p on st_intersects(cell, p.geom) order by p.n`;
      return (await client.query(sql)).rows as { n: number; area: number }[];
    });
    const areas = new Map(expected.map(({ n, area }) => [n, area]));
    expect(result.features.length).toBe(areas.size);
    expect(total(result.features) / planarArea(extent.geometry)).toBeCloseTo(1, 9);
    for (const { properties, geometry } of result.features) {
      const theirs = areas.get(properties.place)!;
      expect(Math.abs(planarArea(geometry) - theirs)).toBeLessThanOrEqual(1e-6 * Math.max(theirs, 1e-3));
    }
  });

  it('cells hold their points, do not overlap, and fill the country they are cut to', async () => {
    const data = cities(4000);
    const extent = countries().features.find(({ properties }) => properties!.name === 'France')!;
    const { result } = await runProcess(harness, 'voronoi', { features: data, extent });
    const [row] = await inPostgis(async (client) => {
      await load(client, 'cell', result, { asTheyAre: true });
      await load(client, 'extent', { type: 'FeatureCollection', features: [extent] });
      const sql = `select bool_and(st_isvalid(geom)) as valid, sum(st_area(geom)) as area, st_area(st_union(geom)) as covered,
                     (select st_area(geom) from extent) as whole from cell`;
      return (await client.query(sql)).rows;
    });
    expect(row.valid).toBe(true);
    expect(row.area / row.whole).toBeCloseTo(1, 9);
    expect(row.covered / row.whole).toBeCloseTo(1, 9);
    const names = new Set(data.features.map(({ id }) => id));
    expect(
      result.features.every(({ id, properties }: any) => names.has(id) && properties.population > 0),
    ).toBe(true);
  });

  it('of points in a line: strips of known size, on any slant', async () => {
    for (const [dx, dy] of [
      [1, 0],
      [0, 1],
      [1, 1],
      [3, -2],
    ] as const) {
      const places = [0, 1, 3, 7].map((t): Position => [t * dx, t * dy]);
      const { result } = await runProcess(harness, 'voronoi', {
        features: points(places),
        extent: box(-10, -20, 30, 30),
      });
      expect(result.features).toHaveLength(4);
      expect(total(result.features)).toBeCloseTo(40 * 50, 6);
      const { result: joined } = await runProcess(harness, 'spatial-join', {
        features: points(places),
        join: result,
      });
      joined.features.forEach(({ properties }: any) => expect(properties.join_place).toBe(properties.place));
    }
    const [strip] = (
      await runProcess(harness, 'voronoi', {
        features: points([
          [1, 0],
          [3, 0],
        ]),
        extent: box(0, 0, 4, 1),
      })
    ).result.features;
    expect(planarArea(strip.geometry)).toBe(2);
  });

  it('one point has the whole frame, no point none, doubled points one cell', async () => {
    const one = await runProcess(harness, 'voronoi', { features: points([[7, 46]]) });
    expect(total(one.result.features)).toBe(4);
    expect((await runProcess(harness, 'voronoi', { features: points([]) })).result.features).toEqual([]);
    const doubled = await runProcess(harness, 'voronoi', {
      features: points([
        [0, 0],
        [1, 0],
        [0, 0],
        [0, 1],
      ]),
    });
    expect(doubled.result.features.map(({ id }: any) => id)).toEqual([0, 1, 3]);
  });

  it('a lattice, where four points lie on every circle', async () => {
    const lattice = Array.from({ length: 400 }, (_, i): Position => [i % 20, Math.floor(i / 20)]);
    const { result } = await runProcess(harness, 'voronoi', {
      features: points(lattice),
      extent: box(-0.5, -0.5, 19.5, 19.5),
    });
    expect(result.features).toHaveLength(400);
    for (const { geometry } of result.features) expect(planarArea(geometry)).toBeCloseTo(1, 9);
  });
});

describe('delaunay', () => {
  it('triangles fill the hull of 3,200 cities, as many as in PostGIS, and no circle holds a point', async () => {
    const data = crowded();
    const { result } = await runProcess(harness, 'delaunay', { features: data });
    const [row] = await inPostgis(async (client) => {
      await load(client, 'p', data);
      const sql = `select st_numgeometries(st_delaunaytriangles(st_collect(geom))) as count, st_area(st_convexhull(st_collect(geom))) as hull from p`;
      return (await client.query(sql)).rows;
    });
    // The two may differ where points lie all but on a line at the edge.
    expect(Math.abs(result.features.length - row.count)).toBeLessThanOrEqual(2);
    expect(total(result.features) / row.hull).toBeCloseTo(1, 9);
    const places = data.features.map(({ geometry }) => (geometry as any).coordinates as [number, number]);
    for (const { geometry, properties } of result.features.filter((_: unknown, i: number) => i % 40 === 0)) {
      const ring = geometry.coordinates[0] as [number, number][];
      expect(places[properties.point_a]).toEqual(ring[0]);
      const [center, radius] = circumcircle(ring);
      for (const [x, y] of places)
        expect(Math.hypot(x - center[0], y - center[1])).toBeGreaterThanOrEqual(radius * (1 - 1e-6));
    }
  });

  it('says why points in a line, or too few, have no triangles', async () => {
    for (const places of [
      [],
      [[0, 0]],
      [
        [0, 0],
        [1, 1],
      ],
      [
        [0, 0],
        [1, 1],
        [3, 3],
      ],
      [
        [2, 2],
        [2, 2],
        [2, 2],
      ],
    ])
      expect((await runProcess(harness, 'delaunay', { features: points(places) })).result.features).toEqual(
        [],
      );
  });
});

function circumcircle(ring: [number, number][]): [[number, number], number] {
  const [[ax, ay], [bx, by], [cx, cy]] = ring as [[number, number], [number, number], [number, number]];
  const [dx, dy, ex, ey] = [bx - ax, by - ay, cx - ax, cy - ay];
  const [b, c, d] = [dx * dx + dy * dy, ex * ex + ey * ey, 2 * (dx * ey - dy * ex)];
  const [x, y] = [(ey * b - dy * c) / d, (dx * c - ex * b) / d];
  return [[ax + x, ay + y], Math.hypot(x, y)];
}
