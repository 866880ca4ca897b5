import type { Feature, Geometry } from 'geojson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../support/app.js';
import { askGeometry, askPostgis, esri, geojson, polygons } from '../../support/geometry-client.js';
import { counties } from '../../support/real-data.js';

/** What the geometry service does with lines and borders, against PostGIS. */
let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const call = (operation: string, parameters: Record<string, unknown>): Promise<any> =>
  askGeometry(server.url, operation, parameters);

const close = (ours: number, theirs: number, relative = 1e-6): void =>
  expect(Math.abs(ours - theirs), `${ours} for ${theirs}`).toBeLessThanOrEqual(relative * theirs);

/** One number about geometries, which the question sees as `shape(index, geom)`. */
const measured = async (geometries: Geometry[], sql: string, srid = 4326): Promise<number> =>
  (await askPostgis<{ value: number }>(geometries, srid, `select (${sql})::float8 as value`))[0]!.value;

const square = (west: number, south: number, size: number): Geometry => {
  const [east, north] = [west + size, south + size];
  return {
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
  };
};
const total = 'select sum(st_area(geom)) from shape';

describe('cut', () => {
  const cutter: Geometry = {
    type: 'LineString',
    coordinates: [
      [-109.5, 38.2],
      [-105, 39.1],
      [-101.5, 38.8],
    ],
  };
  const colorado = counties().features.filter(({ properties }) => properties!.state === '08');

  it('gives the pieces of real areas on either side, and leaves out what is not cut', async () => {
    const { cutIndexes, geometries } = await call('cut', {
      target: polygons(colorado),
      cutter: esri(cutter),
      sr: 4326,
    });
    const crossed = await askPostgis<{ index: number; pieces: number; area: number }>(
      [...colorado.map(({ geometry }) => geometry), cutter],
      4326,
      `select a.index, st_numgeometries(st_split(a.geom, l.geom)) as pieces, st_area(a.geom) as area
         from shape a, shape l where l.index = ${colorado.length} and a.index < l.index
          and st_numgeometries(st_split(a.geom, l.geom)) > 1 order by 1`,
    );
    expect(crossed.length).toBeGreaterThan(5);
    for (const { index, pieces, area } of crossed) {
      const ours = geometries.filter((_: unknown, at: number) => cutIndexes[at] === index).map(geojson);
      expect(ours).toHaveLength(pieces);
      close(await measured(ours, total), area);
    }
    expect([...new Set(cutIndexes)]).toEqual(crossed.map(({ index }) => index));
  });

  it('parts what crosses the antimeridian at it, as clients ask before they send it on', async () => {
    const { cutIndexes, geometries } = await call('cut', {
      target: { geometryType: 'esriGeometryPolygon', geometries: [esri(square(170, -10, 20))] },
      cutter: {
        paths: [
          [
            [180, -90],
            [180, 90],
          ],
        ],
      },
      sr: 4326,
    });
    expect(cutIndexes).toEqual([0, 0]);
    const areas = await Promise.all(geometries.map((one: unknown) => measured([geojson(one)], total)));
    expect(areas).toEqual([200, 200]);
  });

  it('parts lines where they are crossed', async () => {
    const { cutIndexes, geometries } = await call('cut', {
      target: {
        geometryType: 'esriGeometryPolyline',
        geometries: [
          {
            paths: [
              [
                [0, 0],
                [4, 0],
              ],
            ],
          },
          {
            paths: [
              [
                [0, 9],
                [4, 9],
              ],
            ],
          },
        ],
      },
      cutter: {
        paths: [
          [
            [1, -1],
            [1, 1],
          ],
          [
            [3, -1],
            [3, 1],
          ],
        ],
      },
      sr: 102100,
    });
    expect(cutIndexes).toEqual([0, 0, 0]);
    expect(geometries.map(({ paths }: any) => paths[0])).toEqual([
      [
        [0, 0],
        [1, 0],
      ],
      [
        [1, 0],
        [3, 0],
      ],
      [
        [3, 0],
        [4, 0],
      ],
    ]);
  });
});

describe('autoComplete', () => {
  it('makes the areas that a line encloses beside those that are there', async () => {
    const { geometries } = await call('autoComplete', {
      polygons: [esri(square(0, 0, 10))],
      polylines: [
        {
          paths: [
            [
              [10, 2],
              [14, 2],
              [14, 6],
              [10, 6],
            ],
          ],
        },
        {
          paths: [
            [
              [0, 20],
              [5, 20],
            ],
          ],
        },
      ],
      sr: 102100,
    });
    expect(geometries).toHaveLength(1);
    expect(await measured(geometries.map(geojson), total, 3857)).toBe(16);
  });

  it('fills the gap between real neighbours', async () => {
    const state = counties().features.filter(({ properties }) => properties!.state === '08');
    const [gap, ...others] = state as [Feature, ...Feature[]];
    const { geometries } = await call('autoComplete', {
      polygons: others.map(({ geometry }) => esri(geometry)),
      polylines: [{ paths: esri(gap.geometry).rings }],
      sr: 4326,
    });
    close(await measured(geometries.map(geojson), total), await measured([gap.geometry], total));
  });
});

describe('reshape', () => {
  const reshaped = async (path: number[][]): Promise<number> => {
    const { geometryType, geometry } = await call('reshape', {
      target: { geometryType: 'esriGeometryPolygon', geometry: esri(square(0, 0, 10)) },
      reshaper: { paths: [path] },
      sr: 102100,
    });
    expect(geometryType).toBe('esriGeometryPolygon');
    return measured([geojson(geometry)], total, 3857);
  };

  it('adds what a line encloses outside, takes off what it cuts away, or both', async () => {
    expect(
      await reshaped([
        [10, 2],
        [14, 2],
        [14, 6],
        [10, 6],
      ]),
    ).toBe(116);
    expect(
      await reshaped([
        [8, -1],
        [8, 11],
      ]),
    ).toBe(80);
    expect(
      await reshaped([
        [10, 1],
        [9, 1],
        [9, 5],
        [12, 5],
        [12, 8],
        [10, 8],
      ]),
    ).toBe(100 - 4 + 6);
    expect(
      await reshaped([
        [20, 1],
        [20, 5],
      ]),
    ).toBe(100);
  });
});

describe('offset', () => {
  const state = counties()
    .features.filter(({ properties }) => properties!.state === '08')
    .slice(0, 5);

  it.each([
    ['Rounded', 'join=round'],
    ['Mitered', 'join=mitre mitre_limit=10'],
    ['Bevelled', 'join=bevel'],
  ])('grows and shrinks areas, %s', async (how, style) => {
    for (const offsetDistance of [-0.01, 0.01]) {
      const { geometries } = await call('offset', {
        geometries: polygons(state),
        sr: { wkid: 4326 },
        offsetDistance,
        offsetHow: `esriGeometryOffset${how}`,
        bevelRatio: 10,
      });
      const theirs = `select sum(st_area(st_buffer(geom, ${-offsetDistance}, 'quad_segs=16 ${style}'))) from shape`;
      close(
        await measured(geometries.map(geojson), total),
        await measured(
          state.map(({ geometry }) => geometry),
          theirs,
        ),
        1e-5,
      );
    }
  });

  it('draws lines at the right for a positive distance, in the unit asked for', async () => {
    const geometries = {
      geometryType: 'esriGeometryPolyline',
      geometries: [
        {
          paths: [
            [
              [0, 0],
              [0, 5000],
            ],
          ],
        },
      ],
    };
    const right = await call('offset', {
      geometries,
      sr: { wkid: 102100 },
      offsetDistance: 2,
      offsetUnit: 9036,
    });
    expect(right.geometries[0].paths).toEqual([
      [
        [2000, 0],
        [2000, 5000],
      ],
    ]);
    const left = await call('offset', { geometries, sr: { wkid: 102100 }, offsetDistance: -7 });
    expect(left.geometries[0].paths).toEqual([
      [
        [-7, 0],
        [-7, 5000],
      ],
    ]);
  });

  it.each([
    ['Rounded', -500],
    ['Mitered', 500],
    ['Bevelled', 500],
  ])('is on the ground in longitude and latitude, as in a plane true to it, %s', async (how, distance) => {
    const [county] = state;
    const outline = (county!.geometry as any).coordinates[0];
    const line: Geometry = {
      type: 'LineString',
      coordinates: outline.slice(0, Math.floor(outline.length / 2)),
    };
    const offsetHow = `esriGeometryOffset${how}`;
    const ask = async (geometryType: string, geometry: Geometry): Promise<Geometry> =>
      geojson(
        (
          await call('offset', {
            geometries: { geometryType, geometries: [esri(geometry)] },
            sr: 4326,
            offsetDistance: distance,
            offsetUnit: 9001,
            offsetHow,
            bevelRatio: 10,
          })
        ).geometries[0],
      );
    const style = { Rounded: 'join=round', Mitered: 'join=mitre mitre_limit=10', Bevelled: 'join=bevel' }[
      how
    ];
    const area = await ask('esriGeometryPolygon', county!.geometry);
    // The state lies in zone 13, whose scale is true to 0.04 %.
    const theirs = `select st_area(st_transform(st_buffer(st_transform(st_segmentize(geom, 0.01), 32613), ${-distance}, 'quad_segs=16 ${style}'), 4326)::geography) from shape`;
    close(
      await measured([area], 'select st_area(geom::geography) from shape'),
      await measured([county!.geometry], theirs),
      1e-3,
    );
    const beside = await ask('esriGeometryPolyline', line);
    // Edges are straight in longitude and latitude, which they are not in the zone.
    const apart = await measured(
      [line, beside],
      `select st_hausdorffdistance(st_transform(b.geom, 32613),
                st_offsetcurve(st_transform(st_segmentize(a.geom, 0.01), 32613), ${-distance}, 'quad_segs=16 ${style}'), 0.1)
         from shape a, shape b where a.index = 0 and b.index = 1`,
    );
    expect(apart).toBeLessThan(2.5);
  });
});
