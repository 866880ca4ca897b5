/** The geometry service on shapes that engines stumble over, against PostGIS on the same shapes. */
import type { Geometry, Position } from 'geojson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../support/app.js';
import { askGeometry, askPostgis, geojson } from '../../support/geometry-client.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const call = (operation: string, parameters: Record<string, unknown>): Promise<any> =>
  askGeometry(server.url, operation, parameters);

/** A rectangle as a shell; `hole` turns it the other way. */
const box = (west: number, south: number, east: number, north: number): Position[] => [
  [west, south],
  [west, north],
  [east, north],
  [east, south],
  [west, south],
];
const hole = (...sides: Parameters<typeof box>): Position[] => box(...sides).reverse();
const polygon = (...coordinates: Position[][]): Geometry => ({ type: 'Polygon', coordinates });
const parts = (...coordinates: Position[][][]): Geometry => ({ type: 'MultiPolygon', coordinates });
const wavy = (west: number, east: number, south: number, bumps: number): Position[] => {
  const top = Array.from({ length: bumps }, (_, n): Position => {
    const x = west + ((east - west) * n) / (bumps - 1);
    return [x, south + 1 + (n % 2)];
  });
  return [[west, south], ...top, [east, south], [west, south]];
};

/** Areas, all of them valid, in longitude and latitude. */
const AREAS: Record<string, Geometry> = {
  'an island in a hole': parts([box(0, 40, 10, 50), hole(2, 42, 8, 48)], [box(4, 44, 6, 46)]),
  'a hole that touches its shell at one vertex': polygon(box(0, 40, 10, 50), [
    [0, 40],
    [5, 42],
    [2, 45],
    [0, 40],
  ]),
  'parts that touch at one vertex': parts([box(0, 40, 2, 42)], [box(2, 42, 4, 44)]),
  'repeated and collinear vertices': polygon([
    [0, 40],
    [0, 42],
    [0, 42],
    [0, 45],
    [5, 45],
    [5, 45],
    [5, 42.5],
    [5, 40],
    [2, 40],
    [0, 40],
  ]),
  'a sliver of a hundred kilometres and some metres': polygon(box(7, 46, 8.3, 46.00005)),
  'less than a metre': polygon(box(7, 46, 7.000005, 46.000005)),
  'tiny beside huge': parts([box(7, 46, 7.00001, 46.00001)], [box(20, -30, 60, 30)]),
  'close to a pole': polygon(box(-40, 88, 30, 89.9)),
  'half of the longitudes': polygon(box(-89, -60, 90, 70)),
  'parts on both sides of the antimeridian': parts([box(179, -18, 180, -16)], [box(-180, -18, -179, -16)]),
  'four hundred bumps': polygon(wavy(0, 20, 10, 400)),
  'a comb whose teeth nearly touch': polygon([
    [0, 0],
    ...Array.from({ length: 20 }, (_, n): Position[] => [
      [n, 3],
      [n + 0.499999, 3],
      [n + 0.4999995, 1],
      [n + 0.9999995, 1],
    ]).flat(),
    [20, 0],
    [0, 0],
  ]),
};
const names = Object.keys(AREAS);
const areas = Object.values(AREAS);

const esriArea = (geometry: Geometry): { rings: Position[][] } => {
  if (geometry.type === 'Polygon') return { rings: geometry.coordinates };
  if (geometry.type === 'MultiPolygon') return { rings: geometry.coordinates.flat() };
  throw new Error(geometry.type);
};
const wrapped = { geometryType: 'esriGeometryPolygon', geometries: areas.map(esriArea) };
const outlines: Position[][][] = areas.map((one) => esriArea(one).rings);
const lines: Geometry[] = outlines.map((coordinates) => ({ type: 'MultiLineString', coordinates }));

const ask = async (geometries: Geometry[], value: string, srid = 4326): Promise<number[]> =>
  (
    await askPostgis<{ value: number }>(
      geometries,
      srid,
      `select (${value})::float8 as value from shape order by index`,
    )
  ).map((row) => row.value);
const same = (ours: number[], theirs: number[], relative = 1e-6): void => {
  expect(ours).toHaveLength(theirs.length);
  ours.forEach((one, n) => {
    const off = Math.abs(one - theirs[n]!);
    expect(off, `${names[n]}: ${one} for ${theirs[n]}`).toBeLessThanOrEqual(
      relative * Math.max(Math.abs(theirs[n]!), 1e-12),
    );
  });
};

describe('measures', () => {
  it('areas and their outlines, in the plane and on the ground', async () => {
    const polygons = areas.map(esriArea);
    const planar = await call('areasAndLengths', { polygons, sr: 4326, calculationType: 'planar' });
    same(planar.areas, await ask(areas, 'st_area(geom)'));
    same(planar.lengths, await ask(areas, 'st_perimeter(geom)'));
    const ground = await call('areasAndLengths', { polygons, sr: 4326, calculationType: 'geodesic' });
    same(ground.areas, await ask(areas, 'st_area(geom::geography)'));
    // An area that was cut at the antimeridian has no border there.
    const whole = 'case when st_xmin(geom) = -180 then st_unaryunion(st_shiftlongitude(geom)) else geom end';
    same(ground.lengths, await ask(areas, `st_perimeter((${whole})::geography)`));
  });

  it('lengths', async () => {
    const polylines = outlines.map((paths) => ({ paths }));
    const planar = await call('lengths', { polylines, sr: 4326, calculationType: 'planar' });
    same(planar.lengths, await ask(lines, 'st_length(geom)'));
    const ground = await call('lengths', { polylines, sr: 4326, calculationType: 'geodesic' });
    same(ground.lengths, await ask(lines, 'st_length(geom::geography)'));
  });

  it('distances in the plane, of every two', async () => {
    const theirs = await askPostgis<{ value: number; one: number; other: number }>(
      areas,
      4326,
      `select a.index as one, b.index as other, st_distance(a.geom, b.geom) as value
         from shape a join shape b on a.index < b.index`,
    );
    for (const { one, other, value } of theirs) {
      const { distance } = await call('distance', {
        geometry1: { geometryType: 'esriGeometryPolygon', geometry: wrapped.geometries[one] },
        geometry2: { geometryType: 'esriGeometryPolygon', geometry: wrapped.geometries[other] },
        sr: 4326,
      });
      expect(Math.abs(distance - value), `${names[one]}, ${names[other]}`).toBeLessThanOrEqual(1e-6 * value);
    }
  });
});

describe('shapes', () => {
  const areasOf = async (geometries: object[], srid = 4326): Promise<number[]> =>
    ask(geometries.map(geojson), 'st_area(geom)', srid);
  const cutter = {
    geometryType: 'esriGeometryPolygon',
    geometry: esriArea(polygon(box(1.3, -20, 45, 47.7))),
  };
  const theCutter = 'st_makeenvelope(1.3, -20, 45, 47.7, 4326)';

  it.each([
    ['intersect', `st_intersection(geom, ${theCutter})`],
    ['difference', `st_difference(geom, ${theCutter})`],
  ])('%s', async (operation, theirs) => {
    const { geometries } = await call(operation, { geometries: wrapped, geometry: cutter, sr: 4326 });
    same(await areasOf(geometries), await ask(areas, `st_area(st_collectionextract(${theirs}, 3))`));
  });

  it('union and convexHull of all', async () => {
    const one = async (sql: string): Promise<number> =>
      (await askPostgis<{ value: number }>(areas, 4326, `select ${sql} as value from shape`))[0]!.value;
    const union = await call('union', { geometries: wrapped, sr: 4326 });
    same(await areasOf([union.geometry]), [await one('st_area(st_union(geom))')]);
    const hull = await call('convexHull', { geometries: wrapped, sr: 4326 });
    same(await areasOf([hull.geometry]), [await one('st_area(st_convexhull(st_collect(geom)))')]);
  });

  it('simplify leaves what is right as it covers', async () => {
    const { geometries } = await call('simplify', { geometries: wrapped, sr: 4326 });
    same(await areasOf(geometries), await ask(areas, 'st_area(geom)'));
    const theirs = geometries.map(geojson) as Geometry[];
    expect(await ask(theirs, 'st_isvalid(geom)::int')).toEqual(areas.map(() => 1));
  });

  it('buffer in the plane and, of what is not on a pole, on the ground', async () => {
    const planar = await call('buffer', {
      geometries: wrapped,
      inSR: 4326,
      distances: '0.25',
      geodesic: false,
    });
    same(
      await areasOf(planar.geometries),
      await ask(areas, "st_area(st_buffer(geom, 0.25, 'quad_segs=32'))"),
      5e-3,
    );
    const small = names.flatMap((name, n) =>
      ['less than a metre', 'a sliver of a hundred kilometres and some metres'].includes(name) ? [n] : [],
    );
    const { geometries } = await call('buffer', {
      geometries: { ...wrapped, geometries: small.map((n) => wrapped.geometries[n]) },
      inSR: 4326,
      distances: '500',
      unit: 9001,
      geodesic: true,
    });
    const ours = await ask(geometries.map(geojson), 'st_area(geom::geography)');
    const theirs = await ask(
      small.map((n) => areas[n]!),
      "st_area(st_transform(st_buffer(st_transform(geom, 32632), 500, 'quad_segs=64'), 4326)::geography)",
    );
    ours.forEach((area, n) => expect(Math.abs(area / theirs[n]! - 1)).toBeLessThan(5e-3));
  });

  it('labelPoints lie inside, generalize stays near, densify stays on the line', async () => {
    const { labelPoints } = await call('labelPoints', { polygons: areas.map(esriArea), sr: 4326 });
    const inside = await askPostgis<{ inside: boolean }>(
      areas,
      4326,
      `select st_contains(geom, st_setsrid(st_point(p.x, p.y), 4326)) as inside
         from shape join json_to_recordset('${JSON.stringify(labelPoints.map((point: object, n: number) => ({ ...point, n })))}')
           as p (n int, x float8, y float8) on p.n = index`,
    );
    expect(inside.map((row) => row.inside)).toEqual(areas.map(() => true));

    /** How far vertices of either are from the other's outline. */
    const away = async (geometries: object[]): Promise<number[]> =>
      (
        await askPostgis<{ value: number }>(
          [...areas, ...(geometries.map(geojson) as Geometry[])],
          4326,
          `select st_hausdorffdistance(st_boundary(a.geom), st_boundary(b.geom)) as value
             from shape a join shape b on b.index = a.index + ${areas.length} order by a.index`,
        )
      ).map(({ value }) => value);
    const maxDeviation = 0.3;
    const general = await call('generalize', { geometries: wrapped, sr: 4326, maxDeviation });
    const sizes = ({ rings }: { rings: Position[][] }): number => rings.flat().length;
    const apart = await away(general.geometries);
    for (const [n, one] of general.geometries.entries()) {
      // What is smaller than the deviation altogether may be gone, and has no outline then.
      if (one.rings.length < wrapped.geometries[n]!.rings.length) continue;
      expect(apart[n], names[n]).toBeLessThanOrEqual(maxDeviation + 1e-12);
      expect(sizes(one)).toBeLessThanOrEqual(sizes(wrapped.geometries[n]!));
    }
    const bumps = names.indexOf('four hundred bumps');
    const finer = await call('generalize', { geometries: wrapped, sr: 4326, maxDeviation: 1.1 });
    expect(sizes(finer.geometries[bumps])).toBeLessThan(sizes(general.geometries[bumps]) / 4);
    const dense = await call('densify', { geometries: wrapped, sr: 4326, maxSegmentLength: 3 });
    for (const value of await away(dense.geometries)) expect(value).toBeLessThan(1e-9);
    same(await areasOf(dense.geometries), await ask(areas, 'st_area(geom)'));
    expect(
      Math.max(
        ...dense.geometries.flatMap(({ rings }: { rings: Position[][] }) =>
          rings.flatMap((ring) =>
            ring.slice(1).map(([x, y], n) => Math.hypot(x! - ring[n]![0]!, y! - ring[n]![1]!)),
          ),
        ),
      ),
    ).toBeLessThanOrEqual(3 + 1e-12);
  });

  it('offset runs beside them as PostGIS draws it', async () => {
    const usable = ['repeated and collinear vertices', 'close to a pole', 'half of the longitudes'];
    const rings = usable.map((name) => outlines[names.indexOf(name)]![0]!.slice(0, -1));
    const { geometries } = await call('offset', {
      geometries: {
        geometryType: 'esriGeometryPolyline',
        geometries: rings.map((ring) => ({ paths: [ring] })),
      },
      sr: 4326,
      offsetDistance: 0.2,
      offsetHow: 'esriGeometryOffsetMitered',
      bevelRatio: 10,
    });
    const theirs = rings.map((coordinates): Geometry => ({ type: 'LineString', coordinates }));
    const rows = await askPostgis<{ value: number }>(
      [...theirs, ...(geometries.map(geojson) as Geometry[])],
      4326,
      `select st_hausdorffdistance(st_offsetcurve(a.geom, -0.2, 'join=mitre mitre_limit=10'), b.geom) as value
         from shape a join shape b on b.index = a.index + ${rings.length} order by a.index`,
    );
    for (const { value } of rows) expect(value).toBeLessThan(1e-6);
  });

  it('cut parts them without losing anything', async () => {
    const { cutIndexes, geometries } = await call('cut', {
      target: wrapped,
      cutter: {
        paths: [
          [
            [-100, 44.4],
            [100, 44.4],
          ],
        ],
      },
      sr: 4326,
    });
    const sums = new Map<number, number>();
    (await areasOf(geometries)).forEach((area, n) => {
      const of = cutIndexes[n];
      sums.set(of, (sums.get(of) ?? 0) + area);
    });
    const whole = await ask(areas, 'st_area(geom)');
    const crossed = await ask(
      areas,
      'st_intersects(geom, st_makeline(st_setsrid(st_point(-100, 44.4), 4326), st_setsrid(st_point(100, 44.4), 4326)))::int',
    );
    expect([...sums.keys()].sort((a, b) => a - b)).toEqual(crossed.flatMap((yes, n) => (yes ? [n] : [])));
    for (const [n, sum] of sums) expect(Math.abs(sum / whole[n]! - 1), names[n]).toBeLessThan(1e-6);
  });

  it('project agrees with PROJ wherever it is defined', async () => {
    const flat = areas.filter((_, n) => names[n] !== 'close to a pole');
    const { geometries } = await call('project', {
      geometries: { ...wrapped, geometries: flat.map(esriArea) },
      inSR: 4326,
      outSR: 102100,
    });
    const ours = await areasOf(geometries, 3857);
    const theirs = await ask(flat, 'st_area(st_transform(geom, 3857))');
    ours.forEach((area, n) => expect(Math.abs(area / theirs[n]! - 1)).toBeLessThan(1e-6));
  });

  it.each([
    ['Intersection', 'st_intersects(a.geom, b.geom)'],
    ['Touch', 'st_touches(a.geom, b.geom)'],
    ['Within', 'st_within(a.geom, b.geom)'],
    ['Overlap', 'st_overlaps(a.geom, b.geom)'],
    ['Disjoint', 'st_disjoint(a.geom, b.geom)'],
  ])('relation %s of every two', async (relation, condition) => {
    const { relations } = await call('relation', {
      geometries1: wrapped,
      geometries2: wrapped,
      sr: 4326,
      relation: `esriGeometryRelation${relation}`,
    });
    const theirs = await askPostgis<{ geometry1Index: number; geometry2Index: number }>(
      areas,
      4326,
      `select a.index as "geometry1Index", b.index as "geometry2Index" from shape a, shape b
        where ${condition} order by 1, 2`,
    );
    expect(relations).toEqual(theirs);
  });
});

describe('shapes that lines are drawn at', () => {
  const drawn = [
    'an island in a hole',
    'a hole that touches its shell at one vertex',
    'repeated and collinear vertices',
    'less than a metre',
    'close to a pole',
    'half of the longitudes',
    'four hundred bumps',
  ].map((name) => ({ name, geometry: AREAS[name]! }));
  const boundsOf = async (
    geometry: Geometry,
  ): Promise<{ west: number; width: number; south: number; height: number }> =>
    (
      await askPostgis<{ west: number; width: number; south: number; height: number }>(
        [geometry],
        4326,
        `select st_xmin(geom) as west, st_xmax(geom) - st_xmin(geom) as width, st_ymin(geom) as south,
                st_ymax(geom) - st_ymin(geom) as height from shape`,
      )
    )[0]!;
  /** A bracket at the west side, whose ends lie a little within. */
  const bracket = async (geometry: Geometry): Promise<Position[]> => {
    const { west, width, south, height } = await boundsOf(geometry);
    const [inside, outside] = [west + width / 100, west - width / 5];
    const [low, high] = [south + height * 0.1, south + height * 0.4];
    return [
      [inside, low],
      [outside, low],
      [outside, high],
      [inside, high],
    ];
  };
  /** Areas of what polygonize makes of the outline and the line, outside of the shape. */
  const enclosed = async (geometry: Geometry, line: Position[]): Promise<number> => {
    const [row] = await askPostgis<{ value: number }>(
      [geometry, { type: 'LineString', coordinates: line }],
      4326,
      `select sum(st_area(part.geom)) as value
         from (select st_polygonize(noded) as made
                 from (select st_union(st_boundary(a.geom), b.geom) as noded
                         from shape a, shape b where a.index = 0 and b.index = 1) n) p
         cross join lateral st_dump(made) part
        where not st_covers((select geom from shape where index = 0), st_pointonsurface(part.geom))
          and not st_covers((select st_makepolygon(st_exteriorring((st_dump(geom)).geom)) from shape where index = 0 limit 1),
                            st_pointonsurface(part.geom))`,
    );
    return row!.value;
  };

  it.each(drawn)('autoComplete makes what a line encloses beside $name', async ({ geometry }) => {
    const line = await bracket(geometry);
    const { geometries } = await call('autoComplete', {
      polygons: [esriArea(geometry)],
      polylines: [{ paths: [line] }],
      sr: 4326,
    });
    const made = (await ask(geometries.map(geojson), 'st_area(geom)')).reduce((sum, one) => sum + one, 0);
    expect(Math.abs(made / (await enclosed(geometry, line)) - 1)).toBeLessThan(1e-6);
  });

  it.each(drawn)('reshape adds it to $name', async ({ geometry }) => {
    const line = await bracket(geometry);
    const { geometry: reshaped } = await call('reshape', {
      target: { geometryType: 'esriGeometryPolygon', geometry: esriArea(geometry) },
      reshaper: { paths: [line] },
      sr: 4326,
    });
    const [before] = await ask([geometry], 'st_area(geom)');
    const [after] = await ask([geojson(reshaped)], 'st_area(geom)');
    const wanted = before! + (await enclosed(geometry, line));
    expect(Math.abs(after! / wanted - 1)).toBeLessThan(1e-6);
  });
});

describe('what is not valid, or is nothing', () => {
  const bad = {
    geometryType: 'esriGeometryPolygon',
    geometries: [
      {
        rings: [
          [
            [0, 0],
            [2, 2],
            [2, 0],
            [0, 2],
            [0, 0],
          ],
        ],
      }, // a bow-tie
      {
        rings: [
          [
            [0, 0],
            [1, 1],
            [2, 2],
            [0, 0],
          ],
        ],
      }, // encloses nothing
      {
        rings: [
          [
            [1, 1],
            [1, 1],
            [1, 1],
            [1, 1],
          ],
        ],
      }, // one place
      { rings: [] },
      { rings: [box(0, 0, 2, 2), box(1, 1, 3, 3)] }, // overlapping shells
    ],
  };
  const COVERED = [2, 0, 0, 0, 7];

  it.each([
    ['simplify', { geometries: bad }],
    [
      'difference',
      { geometries: bad, geometry: { geometryType: 'esriGeometryPolygon', geometry: { rings: [] } } },
    ],
  ])('%s gives what they cover', async (operation, parameters) => {
    const { geometries } = await call(operation, { ...parameters, sr: 4326 });
    const covered = await ask(geometries.map(geojson), 'st_area(geom)');
    covered.forEach((area, n) => expect(area, String(n)).toBeCloseTo(COVERED[n]!, 9));
    expect(covered).toHaveLength(COVERED.length);
  });

  it('measures and labels them', async () => {
    const { areas: measured } = await call('areasAndLengths', {
      polygons: bad.geometries,
      sr: 4326,
      calculationType: 'planar',
    });
    measured.forEach((area: number, n: number) => expect(area, String(n)).toBeCloseTo(COVERED[n]!, 9));
    const { labelPoints } = await call('labelPoints', { polygons: [bad.geometries[0]], sr: 4326 });
    expect(labelPoints).toHaveLength(1);
  });
});
