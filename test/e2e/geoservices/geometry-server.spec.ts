import geodesic from 'geographiclib-geodesic';
import type { Geometry, Polygon, Position } from 'geojson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../support/app.js';
import { ask } from '../../support/esri-client.js';
import {
  askGeometry,
  askPostgis,
  esri,
  geojson,
  geometryService,
  polygons,
  some,
} from '../../support/geometry-client.js';
import { counties, countries } from '../../support/real-data.js';

/** The geometry service against PostGIS on the same data. */
let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const call = (operation: string, parameters: Record<string, unknown>): Promise<any> =>
  askGeometry(server.url, operation, parameters);

const close = (ours: number, theirs: number, relative = 1e-6): void =>
  expect(Math.abs(ours - theirs), `${ours} for ${theirs}`).toBeLessThanOrEqual(
    relative * Math.max(Math.abs(theirs), 1e-9),
  );
const allClose = (ours: number[], theirs: number[], relative?: number): void => {
  expect(ours).toHaveLength(theirs.length);
  ours.forEach((one, index) => close(one, theirs[index]!, relative));
};

const few = some(counties(), 80);
const shapes = few.map(({ geometry }) => geometry);
const column = async (geometries: Geometry[], srid: number, value: string): Promise<number[]> =>
  (
    await askPostgis<{ value: number }>(
      geometries,
      srid,
      `select (${value})::float8 as value from shape order by index`,
    )
  ).map(({ value: one }) => one);
const areasOf = (answer: { geometries: unknown[] }, srid = 4326): Promise<number[]> =>
  column(answer.geometries.map(geojson), srid, 'st_area(geom)');

describe('the service', () => {
  it.each(['Geometry', 'Utilities/Geometry'])(
    '%s says what it is, with and without /arcgis',
    async (name) => {
      const url = geometryService(server.url, '', name);
      expect(await ask(url)).toEqual({ currentVersion: 11.2, serviceDescription: '' });
      expect(await ask(url.replace('/arcgis/', '/'), {}, 'GET')).toHaveProperty('currentVersion');
      const page = await (await fetch(url)).text();
      expect(page).toContain('areasAndLengths');
      expect(await (await fetch(`${url}/buffer`)).text()).toContain('<textarea id="geometries"');
    },
  );

  it('stands in the directory and in its folder', async () => {
    const root = await ask(`${server.url}/arcgis/rest/services`);
    expect(root.folders).toEqual(['Utilities']);
    expect(root.services).toContainEqual({ name: 'Geometry', type: 'GeometryServer' });
    expect((await ask(`${server.url}/rest/services/Utilities`)).services).toEqual([
      { name: 'Utilities/Geometry', type: 'GeometryServer' },
    ]);
  });

  it('answers GET, POST of JSON, pjson, a callback, and a person', async () => {
    const url = geometryService(server.url, 'project');
    const query = 'geometries=8,47,9,48&inSR=4326&outSR=102100';
    const plain = await (await fetch(`${url}?${query}&f=json`)).json();
    const body = JSON.stringify({
      geometries: {
        geometryType: 'esriGeometryPoint',
        geometries: [
          { x: 8, y: 47 },
          { x: 9, y: 48 },
        ],
      },
      inSR: 4326,
      outSR: { wkid: 102100 },
      f: 'json',
    });
    const headers = { 'content-type': 'application/json' };
    expect(await (await fetch(url, { method: 'POST', body, headers })).json()).toEqual(plain);
    const pretty = await (await fetch(`${url}?${query}&f=pjson`)).text();
    expect(pretty).toContain('\n');
    expect(JSON.parse(pretty)).toEqual(plain);
    const script = await (await fetch(`${url}?${query}&f=json&callback=a.b`)).text();
    expect(script).toBe(`/**/a.b(${JSON.stringify(plain)});`);
    expect(await (await fetch(`${url}?${query}`)).text()).toContain('esriGeometryPoint');
  });
});

describe('project', () => {
  it('gives the positions of PROJ, and keeps heights and measures', async () => {
    const answer = await call('project', { geometries: polygons(few), inSR: 4326, outSR: 102100 });
    allClose(await areasOf(answer, 3857), await column(shapes, 4326, 'st_area(st_transform(geom, 3857))'));
    const { geometries } = await call('project', {
      geometries: {
        geometryType: 'esriGeometryPolyline',
        geometries: [
          {
            hasZ: true,
            hasM: true,
            paths: [
              [
                [8, 47, 5, 6],
                [9, 47, 7, 8],
              ],
            ],
          },
        ],
      },
      inSR: 4326,
      outSR: 32632,
    });
    expect(geometries[0]).toMatchObject({ hasZ: true, hasM: true });
    expect(geometries[0].paths[0][1].slice(2)).toEqual([7, 8]);
  });
});

describe('buffer', () => {
  const points = {
    geometryType: 'esriGeometryPoint',
    geometries: [
      { x: 8, y: 47 },
      { x: 8.01, y: 47 },
    ],
  };

  it('is on the ground where longitude and latitude meet a length: for each distance each geometry', async () => {
    const { geometries } = await call('buffer', {
      geometries: points,
      inSR: 4326,
      distances: '1,2',
      unit: 9036,
    });
    const areas = await column(geometries.map(geojson), 4326, 'st_area(geom::geography)');
    allClose(
      areas,
      [1, 1, 2, 2].map((km) => Math.PI * (km * 1000) ** 2),
      0.005,
    );
  });

  it('unites what it made for each distance', async () => {
    const answer = await call('buffer', {
      geometries: points,
      inSR: 4326,
      outSR: 102100,
      distances: '1,2',
      unit: 'esriKilometers',
      unionResults: true,
    });
    expect(answer.geometries).toHaveLength(2);
    const apart = await call('buffer', { geometries: points, inSR: 4326, distances: '1', unit: 9036 });
    const [area] = await column(
      [geojson(answer.geometries[0])],
      3857,
      'st_area(st_transform(geom, 4326)::geography)',
    );
    const [both] = await askPostgis<{ value: number }>(
      apart.geometries.map(geojson),
      4326,
      'select st_area(st_union(geom)::geography) as value from shape',
    );
    close(area!, both!.value, 1e-4);
  });

  it('is planar in a projected system, and on the ground there if asked', async () => {
    const geometries = { geometryType: 'esriGeometryPoint', geometries: [{ x: 0, y: 8399738 }] };
    const planar = await call('buffer', { geometries, inSR: 102100, distances: '1', unit: 9036 });
    const ground = await call('buffer', {
      geometries,
      inSR: 102100,
      distances: '1',
      unit: 9036,
      geodesic: true,
    });
    close((await areasOf(planar, 3857))[0]!, Math.PI * 1e6, 0.005);
    const [area] = await column(
      ground.geometries.map(geojson),
      3857,
      'st_area(st_transform(geom, 4326)::geography)',
    );
    close(area!, Math.PI * 1e6, 0.005);
    const degrees = await call('buffer', { geometries: points, inSR: 4326, distances: '1' });
    close((await areasOf(degrees))[0]!, Math.PI, 0.005);
  });

  it('leaves an empty polygon where nothing is left', async () => {
    const { geometries } = await call('buffer', {
      geometries: points,
      inSR: 4326,
      distances: '-1',
      unit: 9001,
    });
    expect(geometries).toEqual([{ rings: [] }, { rings: [] }]);
  });
});

describe('overlays', () => {
  const half = {
    rings: [
      [
        [-95, 20],
        [-95, 50],
        [-60, 50],
        [-60, 20],
        [-95, 20],
      ],
    ],
  };
  const other = { geometryType: 'esriGeometryPolygon', geometry: half };
  const envelope = 'st_makeenvelope(-95, 20, -60, 50, 4326)';

  it.each([
    ['intersect', 'st_intersection'],
    ['difference', 'st_difference'],
  ])('%s has as many geometries as came, of the same areas', async (operation, theirs) => {
    const answer = await call(operation, { geometries: polygons(few), geometry: other, sr: { wkid: 4326 } });
    expect(answer.geometryType).toBe('esriGeometryPolygon');
    allClose(await areasOf(answer), await column(shapes, 4326, `st_area(${theirs}(geom, ${envelope}))`));
  });

  it('union covers what all cover', async () => {
    const state = counties().features.filter(({ properties }) => properties!.state === '08');
    const { geometryType, geometry } = await call('union', {
      geometries: polygons(state),
      sr: { wkid: 4326 },
    });
    expect(geometryType).toBe('esriGeometryPolygon');
    const sql = 'select st_area(st_union(geom)) as value from shape';
    const [row] = await askPostgis<{ value: number }>(
      state.map((one) => one.geometry),
      4326,
      sql,
    );
    close((await areasOf({ geometries: [geometry] }))[0]!, row!.value);
  });

  it('convexHull is about all geometries', async () => {
    const { geometry } = await call('convexHull', { geometries: polygons(few), sr: { wkid: 4326 } });
    const sql = 'select st_area(st_convexhull(st_collect(geom))) as value from shape';
    const [row] = await askPostgis<{ value: number }>(shapes, 4326, sql);
    close((await areasOf({ geometries: [geometry] }))[0]!, row!.value);
    const line = await call('convexHull', { geometries: '0,0,1,1,2,2', sr: 4326 });
    expect(line).toEqual({
      geometryType: 'esriGeometryPolyline',
      geometry: {
        paths: [
          [
            [0, 0],
            [2, 2],
          ],
        ],
      },
    });
  });

  it('simplify parts a bow-tie, and leaves alone what is right', async () => {
    const bowTie = {
      rings: [
        [
          [0, 0],
          [2, 2],
          [2, 0],
          [0, 2],
          [0, 0],
        ],
      ],
    };
    const { geometries } = await call('simplify', {
      geometries: { geometryType: 'esriGeometryPolygon', geometries: [bowTie, half] },
      sr: 4326,
    });
    expect(geometries[0].rings).toHaveLength(2);
    expect(await column([geojson(geometries[0])], 4326, 'st_area(geom)')).toEqual([2]);
    expect(geometries[1]).toEqual(half);
  });
});

/** Some counties have a spike, which is no part of their outline once they are repaired. */
const REPAIRED = "st_makevalid(geom, 'method=structure keepcollapsed=false')";

describe('measures', () => {
  const bare = few.map(({ geometry }) => esri(geometry));

  it('areas and lengths on the ground are those of GeographicLib', async () => {
    const ours = await call('areasAndLengths', {
      polygons: bare,
      sr: 4326,
      calculationType: 'geodesic',
      lengthUnit: 9036,
      areaUnit: { areaUnit: 'esriSquareKilometers' },
    });
    allClose(ours.areas, await column(shapes, 4326, 'st_area(geom::geography) / 1e6'));
    allClose(ours.lengths, await column(shapes, 4326, `st_perimeter(${REPAIRED}::geography) / 1e3`));
  });

  it('planar ones are in the unit of the system, or in one that is asked for', async () => {
    const { geometries } = await call('project', { geometries: polygons(few), inSR: 4326, outSR: 5070 });
    const planar = await call('areasAndLengths', {
      polygons: geometries,
      sr: 5070,
      calculationType: 'planar',
    });
    allClose(planar.areas, await column(geometries.map(geojson), 5070, 'st_area(geom)'));
    allClose(planar.lengths, await column(geometries.map(geojson), 5070, `st_perimeter(${REPAIRED})`));
    const feet = await call('areasAndLengths', {
      polygons: geometries,
      sr: 5070,
      lengthUnit: 9002,
      areaUnit: { areaUnit: 'esriAcres' },
    });
    allClose(
      feet.lengths,
      planar.lengths.map((one: number) => one / 0.3048),
    );
    allClose(
      feet.areas,
      planar.areas.map((one: number) => one / 4046.8564224),
    );
    const degrees = await call('areasAndLengths', { polygons: bare, sr: 4326 });
    allClose(degrees.areas, await column(shapes, 4326, 'st_area(geom)'));
  });

  it('preserveShape follows edges as they are drawn', async () => {
    const paths = [
      [
        [-100, 50],
        [-60, 50],
      ],
    ];
    const lengthsBy = async (calculationType: string): Promise<number> =>
      (await call('lengths', { polylines: [{ paths }], sr: 4326, lengthUnit: 9001, calculationType }))
        .lengths[0];
    const line: Geometry = { type: 'LineString', coordinates: paths[0]! };
    close(await lengthsBy('geodesic'), (await column([line], 4326, 'st_length(geom::geography)'))[0]!);
    const parallel = (await column([line], 4326, 'st_length(st_segmentize(geom, 0.01)::geography)'))[0]!;
    close(await lengthsBy('preserveShape'), parallel);
    expect(await lengthsBy('preserveShape')).toBeGreaterThan((await lengthsBy('geodesic')) * 1.001);
  });

  it('lengths take the word that clients send unmapped', async () => {
    const polylines = [
      {
        paths: [
          [
            [0, 0],
            [3000, 4000],
          ],
        ],
      },
      { paths: [] },
    ];
    expect(await call('lengths', { polylines, sr: 102100, lengthUnit: 'kilometers' })).toEqual({
      lengths: [5, 0],
    });
  });

  it('distance is the shortest way, on the ground or in the plane', async () => {
    const [a, b] = [countryOf('Switzerland'), countryOf('Portugal')];
    const parameters = {
      geometry1: { geometryType: 'esriGeometryPolygon', geometry: esri(a) },
      geometry2: { geometryType: 'esriGeometryPolygon', geometry: esri(b) },
      sr: { wkid: 4326 },
    };
    const theirs = async (value: string): Promise<number> =>
      (
        await askPostgis<{ value: number }>(
          [a, b],
          4326,
          `select ${value} as value from shape a, shape b where a.index = 0 and b.index = 1`,
        )
      )[0]!.value;
    close((await call('distance', parameters)).distance, await theirs('st_distance(a.geom, b.geom)'));
    const ground = await call('distance', { ...parameters, geodesic: true, distanceUnit: 9036 });
    close(ground.distance, nearestOnGround(a, b) / 1000);
  });
});

const { WGS84 } = geodesic.Geodesic;
type Line = ReturnType<typeof WGS84.InverseLine>;

/** Metres of the shortest way between two outlines by GeographicLib: of their nearest vertices, the edges beside them. */
function nearestOnGround(a: Geometry, b: Geometry): number {
  const rings = (geometry: Geometry): Position[][] =>
    geometry.type === 'MultiPolygon' ? geometry.coordinates.flat() : (geometry as Polygon).coordinates;
  const metres = ([x, y]: Position, [u, v]: Position): number => WGS84.Inverse(y!, x!, v!, u!).s12!;
  let best = { metres: Infinity, from: [] as Line[], to: [] as Line[] };
  const beside = (ring: Position[], n: number): Line[] => {
    const open = ring.slice(1);
    const at = (n + open.length - 1) % open.length;
    return [open.at(at - 1)!, open[(at + 1) % open.length]!].map(([x, y]) =>
      WGS84.InverseLine(open[at]![1]!, open[at]![0]!, y!, x!),
    );
  };
  for (const one of rings(a))
    for (const [n, p] of one.entries())
      for (const other of rings(b))
        for (const [m, q] of other.entries()) {
          const found = metres(p, q);
          if (found < best.metres) best = { metres: found, from: beside(one, n), to: beside(other, m) };
        }
  const on = (line: Line, t: number): Position => {
    const { lat2, lon2 } = line.Position(t * line.s13);
    return [lon2!, lat2!];
  };
  const least = (value: (t: number) => number): number => {
    let [low, high] = [0, 1];
    for (let n = 0; n < 40; n++) {
      const [a1, b1] = [low + (high - low) / 3, high - (high - low) / 3];
      if (value(a1) < value(b1)) high = b1;
      else low = a1;
    }
    return value((low + high) / 2);
  };
  const pairs = best.from.flatMap((one) =>
    best.to.map((other) => least((t) => least((u) => metres(on(one, t), on(other, u))))),
  );
  return Math.min(best.metres, ...pairs);
}

const countryOf = (name: string): Geometry =>
  countries().features.find(({ properties }) => properties!.name === name)!.geometry;

describe('relation', () => {
  it.each([
    ['Intersection', 'st_intersects(a.geom, b.geom)'],
    ['Touch', 'st_touches(a.geom, b.geom)'],
    ['Disjoint', 'st_disjoint(a.geom, b.geom)'],
    ['Within', 'st_within(a.geom, b.geom)'],
    ['Overlap', 'st_overlaps(a.geom, b.geom)'],
    ['InteriorIntersection', "st_relate(a.geom, b.geom, 'T********')"],
    ['LineTouch', 'st_touches(a.geom, b.geom) and st_dimension(st_intersection(a.geom, b.geom)) = 1'],
    ['PointTouch', 'st_touches(a.geom, b.geom) and st_dimension(st_intersection(a.geom, b.geom)) = 0'],
  ])('%s', async (name, condition) => {
    const state = counties().features.filter(({ properties }) => properties!.state === '04');
    const geometries = polygons(state);
    const { relations } = await call('relation', {
      geometries1: geometries,
      geometries2: geometries,
      sr: 4326,
      relation: `esriGeometryRelation${name}`,
    });
    const sql = `select a.index as one, b.index as other from shape a, shape b where ${condition} order by 1, 2`;
    const theirs = await askPostgis<{ one: number; other: number }>(
      state.map(({ geometry }) => geometry),
      4326,
      sql,
    );
    expect(relations).toEqual(
      theirs.map(({ one, other }) => ({ geometry1Index: one, geometry2Index: other })),
    );
  });

  it('Relation goes by a pattern', async () => {
    const parameters = {
      geometries1: '1,1,9,9',
      geometries2: {
        geometryType: 'esriGeometryPolygon',
        geometries: [
          esri({
            type: 'Polygon',
            coordinates: [
              [
                [0, 0],
                [2, 0],
                [2, 2],
                [0, 2],
                [0, 0],
              ],
            ],
          }),
        ],
      },
      sr: 4326,
      relation: 'esriGeometryRelationRelation',
      relationParam: 'T*F**F***',
    };
    expect((await call('relation', parameters)).relations).toEqual([
      { geometry1Index: 0, geometry2Index: 0 },
    ]);
  });
});

describe('vertices', () => {
  it('generalize leaves shapes within the deviation, with fewer vertices', async () => {
    for (const parameters of [{ maxDeviation: 0.01 }, { maxDeviation: 1000, deviationUnit: 9001 }]) {
      const { geometries } = await call('generalize', {
        geometries: polygons(few),
        sr: { wkid: 4326 },
        ...parameters,
      });
      const before = await column(shapes, 4326, 'st_npoints(geom)');
      const after = await column(geometries.map(geojson), 4326, 'st_npoints(geom)');
      const sum = (all: number[]): number => all.reduce((a, b) => a + b, 0);
      expect(sum(after)).toBeLessThan(sum(before));
      const away = await askPostgis<{ value: number }>(
        [...shapes, ...geometries.map(geojson)],
        4326,
        `select st_hausdorffdistance(a.geom, b.geom) as value from shape a join shape b on b.index = a.index + ${shapes.length}`,
      );
      for (const { value } of away) expect(value).toBeLessThanOrEqual(0.021);
    }
  });

  it('densify leaves no segment longer than asked', async () => {
    const line = {
      geometryType: 'esriGeometryPolyline',
      geometries: [
        {
          paths: [
            [
              [0, 0],
              [100, 0],
              [100, 55],
            ],
          ],
        },
      ],
    };
    const planar = await call('densify', { geometries: line, sr: { wkid: 102100 }, maxSegmentLength: 10 });
    expect(planar.geometries[0].paths[0]).toHaveLength(17);
    const far = {
      geometryType: 'esriGeometryPolyline',
      geometries: [
        {
          paths: [
            [
              [-74, 40.7],
              [2.35, 48.85],
            ],
          ],
        },
      ],
    };
    const ground = await call('densify', {
      geometries: far,
      sr: { wkid: 4326 },
      maxSegmentLength: 100,
      lengthUnit: 9036,
      geodesic: true,
    });
    const dense = geojson(ground.geometries[0]);
    const way: Geometry = {
      type: 'LineString',
      coordinates: [
        [-74, 40.7],
        [2.35, 48.85],
      ],
    };
    const [length, longest, through] = (
      await Promise.all([
        column([dense], 4326, 'st_length(geom::geography)'),
        column(
          [dense],
          4326,
          'select max(st_length(st_makeline(st_pointn(geom, n), st_pointn(geom, n + 1))::geography)) from generate_series(1, st_npoints(geom) - 1) n',
        ),
        column([way], 4326, 'st_length(geom::geography)'),
      ])
    ).map(([one]) => one!) as [number, number, number];
    close(length, through);
    expect(longest).toBeLessThanOrEqual(100_000.01);
  });

  it('labelPoints lie inside', async () => {
    const { labelPoints } = await call('labelPoints', {
      polygons: few.map(({ geometry }) => esri(geometry)),
      sr: 4326,
    });
    const points = labelPoints.map(({ x, y }: any): Geometry => ({ type: 'Point', coordinates: [x, y] }));
    const rows = await askPostgis<{ inside: boolean }>(
      [...shapes, ...points],
      4326,
      `select st_contains(a.geom, b.geom) as inside from shape a join shape b on b.index = a.index + ${shapes.length}`,
    );
    expect(rows).toHaveLength(shapes.length);
    for (const { inside } of rows) expect(inside).toBe(true);
  });
});
