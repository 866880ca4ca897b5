import type { Geometry, Position } from 'geojson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../support/app.js';
import { askGeometry, askPostgis, esri, faultOf, geojson, some } from '../../support/geometry-client.js';
import { counties } from '../../support/real-data.js';

/** Lines trimmed by a guide or extended to it, with every flag of extendHow, and lines and areas reshaped. */
let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const call = (operation: string, parameters: Record<string, unknown>): Promise<any> =>
  askGeometry(server.url, operation, parameters);
const path = (...positions: Position[]): object => ({ paths: [positions] });

/** Upwards at x = 10, so that its left is where x is smaller. */
const guide = path([10, -100], [10, 100]);
const fitted = async (
  polylines: unknown[],
  extendHow?: number,
  trimExtendTo: unknown = guide,
): Promise<any> => {
  const { geometries } = await call('trimExtend', {
    polylines,
    trimExtendTo,
    sr: { wkid: 102100 },
    ...(extendHow !== undefined && { extendHow }),
  });
  return geometries;
};
const pathsOf = async (...asked: Parameters<typeof fitted>): Promise<Position[][][]> =>
  (await fitted(...asked)).map(({ paths }: any) => paths);

describe('trimExtend', () => {
  it('keeps what lies at the left of the guide, whichever way the line runs', async () => {
    expect(await pathsOf([path([0, 0], [20, 0]), path([20, 5], [5, 5], [0, 5])])).toEqual([
      [
        [
          [0, 0],
          [10, 0],
        ],
      ],
      [
        [
          [10, 5],
          [5, 5],
          [0, 5],
        ],
      ],
    ]);
    const down = path([10, 100], [10, -100]);
    expect(await pathsOf([path([0, 0], [20, 0])], 0, down)).toEqual([
      [
        [
          [10, 0],
          [20, 0],
        ],
      ],
    ]);
  });

  it('keeps every part at the left of a line that crosses several times, and corners of the guide', async () => {
    expect(await pathsOf([path([0, 0], [15, 5], [0, 10], [15, 15])])).toEqual([
      [
        [
          [0, 0],
          [expect.closeTo(10), expect.closeTo(10 / 3)],
        ],
        [
          [expect.closeTo(10), expect.closeTo(20 / 3)],
          [0, 10],
          [expect.closeTo(10), expect.closeTo(40 / 3)],
        ],
      ],
    ]);
    const corner = path([10, -50], [10, 0], [-50, 0]);
    expect(await pathsOf([path([0, -20], [20, 20])], 0, corner)).toEqual([
      [
        [
          [0, -20],
          [10, 0],
        ],
      ],
    ]);
  });

  it('adds vertices where straight ends meet the guide, or moves the ends there (1)', async () => {
    const line = path([0, 0], [4, 0], [6, 1]);
    expect(await pathsOf([line])).toEqual([
      [
        [
          [0, 0],
          [4, 0],
          [6, 1],
          [10, 3],
        ],
      ],
    ]);
    expect(await pathsOf([line], 1)).toEqual([
      [
        [
          [0, 0],
          [4, 0],
          [10, 3],
        ],
      ],
    ]);
    expect(await pathsOf([path([6, 1], [4, 0], [0, 0])], 1)).toEqual([
      [
        [
          [10, 3],
          [4, 0],
          [0, 0],
        ],
      ],
    ]);
  });

  it('leaves the first (8) or the last end (16) alone, and is empty where nothing happens', async () => {
    const ring = path([10, -9], [10, 9], [-10, 9], [-10, -9], [10, -9]);
    const inside = path([-1, 0], [1, 0]);
    expect(await pathsOf([inside], 0, ring)).toEqual([
      [
        [
          [-10, 0],
          [-1, 0],
          [1, 0],
          [10, 0],
        ],
      ],
    ]);
    expect(await pathsOf([inside], 8, ring)).toEqual([
      [
        [
          [-1, 0],
          [1, 0],
          [10, 0],
        ],
      ],
    ]);
    expect(await pathsOf([inside], 16, ring)).toEqual([
      [
        [
          [-10, 0],
          [-1, 0],
          [1, 0],
        ],
      ],
    ]);
    expect(await pathsOf([inside], 8 + 16 + 1, ring)).toEqual([[]]);
    expect(await pathsOf([path([0, 0], [0, 5]), { paths: [] }])).toEqual([[], []]);
  });

  it('goes on with heights and measures, keeps those of the end (2), or leaves them empty (4)', async () => {
    const line = {
      hasZ: true,
      hasM: true,
      paths: [
        [
          [0, 0, 100, 0],
          [5, 0, 110, 5],
        ],
      ],
    };
    const end = async (extendHow: number): Promise<unknown> =>
      (await pathsOf([line], extendHow))[0]![0]!.at(-1);
    expect(await end(0)).toEqual([10, 0, 120, 10]);
    expect(await end(2)).toEqual([10, 0, 110, 5]);
    expect(await end(4)).toEqual([10, 0, null, null]);
    expect(await end(1 + 4)).toEqual([10, 0, null, null]);
    const [atStart] = await fitted([{ ...line, paths: [line.paths[0]!.toReversed()] }], 4);
    expect(atStart.paths).toEqual([
      [
        [10, 0, null, null],
        [5, 0, 110, 5],
        [0, 0, 100, 0],
      ],
    ]);
    expect(atStart).toMatchObject({ hasZ: true, hasM: true });
  });

  it.each([[6], [32], [-1], [1.5], ['all']])('refuses extendHow %s', async (extendHow) => {
    const error = await faultOf(server.url, 'trimExtend', {
      polylines: [path([0, 0], [5, 0])],
      trimExtendTo: guide,
      sr: 102100,
      extendHow,
    });
    expect(error).toMatchObject({ code: 400, details: [expect.stringContaining('extendHow')] });
  });

  it('trims real outlines as PostGIS splits them', async () => {
    const outlines = some(counties(), 40)
      .filter(({ geometry }) => geometry.type === 'Polygon')
      .map(({ geometry }): Geometry => ({
        type: 'LineString',
        coordinates: (geometry as any).coordinates[0],
      }));
    const river: Geometry = {
      type: 'LineString',
      coordinates: [
        [-91, 24],
        [-90.2, 35],
        [-91.5, 40],
        [-94, 50],
      ],
    };
    const ours = (await fitted(outlines.map(esri), 8 + 16, esri(river))).map(geojson);
    const cut = await askPostgis<{ index: number; left: number }>(
      [...outlines, river],
      4326,
      `with guide as (select geom from shape where index = ${outlines.length}),
            west as (select st_makepolygon(st_addpoint(st_addpoint(st_addpoint(geom, 'POINT(-180 50)'),
                            'POINT(-180 24)'), st_startpoint(geom))) as geom from guide)
       select s.index, st_length(st_intersection(s.geom, west.geom)) as left
         from shape s, west, guide
        where s.index < ${outlines.length} and st_crosses(s.geom, guide.geom) order by 1`,
    );
    expect(cut.length).toBeGreaterThan(0);
    const lengths = await askPostgis<{ length: number }>(
      ours,
      4326,
      'select st_length(geom) as length from shape order by index',
    );
    for (const { index, left } of cut) expect(lengths[index]!.length).toBeCloseTo(left, 9);
    const others = lengths.filter((_, index) => cut.every((one) => one.index !== index));
    expect(others.every(({ length }) => length === 0)).toBe(true);
  });
});

describe('reshape of a line', () => {
  const reshaped = async (target: object, reshaper: object): Promise<any> => {
    const answer = await call('reshape', {
      target: { geometryType: 'esriGeometryPolyline', geometry: target },
      reshaper,
      sr: 102100,
    });
    expect(answer.geometryType).toBe('esriGeometryPolyline');
    return answer.geometry.paths;
  };
  const line = path([0, 0], [10, 0], [20, 0]);

  it('takes the detour between the first and the last crossing, whichever way it was drawn', async () => {
    const detour: Position[] = [
      [2, -1],
      [2, 5],
      [12, 5],
      [12, -1],
    ];
    const expected = [
      [
        [0, 0],
        [2, 0],
        [2, 5],
        [12, 5],
        [12, 0],
        [20, 0],
      ],
    ];
    expect(await reshaped(line, path(...detour))).toEqual(expected);
    expect(await reshaped(line, path(...detour.toReversed()))).toEqual(expected);
  });

  it('starts at the end of the line where the detour does, and leaves a line crossed once as it is', async () => {
    expect(await reshaped(line, path([0, 0], [5, 5], [10, 0]))).toEqual([
      [
        [0, 0],
        [5, 5],
        [10, 0],
        [20, 0],
      ],
    ]);
    expect(await reshaped(line, path([5, -5], [5, 5]))).toEqual([
      [
        [0, 0],
        [10, 0],
        [20, 0],
      ],
    ]);
  });

  it('changes only the path that is crossed twice', async () => {
    const two = {
      paths: [
        [
          [0, 0],
          [20, 0],
        ],
        [
          [0, 50],
          [20, 50],
        ],
      ],
    };
    expect(await reshaped(two, path([5, 49], [5, 60], [9, 60], [9, 49]))).toEqual([
      [
        [0, 0],
        [20, 0],
      ],
      [
        [0, 50],
        [5, 50],
        [5, 60],
        [9, 60],
        [9, 50],
        [20, 50],
      ],
    ]);
  });
});
