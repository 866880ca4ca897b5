import type { Geometry } from 'geojson';
import { arcgisToGeoJSON } from '@terraformer/arcgis';
import { describe, expect, it } from 'vitest';
import { EsriFault } from './esri-fault.js';
import { isEsriFeatures, readEsriFeatures } from './read-feature-set.js';
import { readEsriGeometry } from './read-geometry.js';
import { readSpatialReference, writeSpatialReference } from './spatial-reference.js';

const CW = [
  [0, 0],
  [0, 9],
  [9, 9],
  [9, 0],
  [0, 0],
];
const HOLE = [
  [1, 1],
  [8, 1],
  [8, 8],
  [1, 8],
  [1, 1],
];
const ISLAND = [
  [3, 3],
  [3, 6],
  [6, 6],
  [6, 3],
  [3, 3],
];
const POND = [
  [4, 4],
  [5, 4],
  [5, 5],
  [4, 5],
  [4, 4],
];
const AWAY = [
  [20, 0],
  [20, 5],
  [25, 5],
  [25, 0],
  [20, 0],
];
const reversed = (ring: number[][]): number[][] => [...ring].reverse();

function fault(read: () => unknown): EsriFault {
  try {
    read();
  } catch (error) {
    if (error instanceof EsriFault) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('rings', () => {
  it('clockwise ones are shells, counter-clockwise ones holes, whatever their order', () => {
    const geometry = readEsriGeometry({ rings: [HOLE, CW, AWAY] });
    expect(geometry).toEqual({
      type: 'MultiPolygon',
      coordinates: [[reversed(CW), reversed(HOLE)], [reversed(AWAY)]],
    });
  });

  it('an island in a hole is a polygon, and may have a hole itself', () => {
    const geometry = readEsriGeometry({ rings: [CW, HOLE, ISLAND, POND] });
    expect(geometry).toEqual({
      type: 'MultiPolygon',
      coordinates: [
        [reversed(CW), reversed(HOLE)],
        [reversed(ISLAND), reversed(POND)],
      ],
    });
  });

  it('a hole that touches its shell at vertices belongs to it', () => {
    const touching = [
      [0, 0],
      [9, 9],
      [5, 9],
      [0, 0],
    ];
    expect(readEsriGeometry({ rings: [CW, touching] })).toMatchObject({ type: 'Polygon' });
  });

  it('a single counter-clockwise ring is a shell', () => {
    expect(readEsriGeometry({ rings: [reversed(CW)] })).toEqual({
      type: 'Polygon',
      coordinates: [reversed(CW)],
    });
  });

  it('turned the way of GeoJSON, shells and holes are told apart by nesting', () => {
    const rings = [reversed(CW), reversed(HOLE), reversed(ISLAND)];
    expect(readEsriGeometry({ rings })).toEqual({
      type: 'MultiPolygon',
      coordinates: [[reversed(CW), reversed(HOLE)], [reversed(ISLAND)]],
    });
  });

  it('are closed where they are not, and left out where they enclose nothing by count', () => {
    const rings = [
      CW.slice(0, -1),
      [
        [30, 30],
        [31, 31],
      ],
      [],
    ];
    expect(readEsriGeometry({ rings })).toEqual({ type: 'Polygon', coordinates: [reversed(CW)] });
  });
});

describe('geometry', () => {
  it.each<[string, object, Geometry | null]>([
    ['a point', { x: 1, y: 2 }, { type: 'Point', coordinates: [1, 2] }],
    ['a point with height', { x: 1, y: 2, z: 3 }, { type: 'Point', coordinates: [1, 2, 3] }],
    [
      'a multipoint',
      {
        points: [
          [1, 2],
          [3, 4],
        ],
      },
      {
        type: 'MultiPoint',
        coordinates: [
          [1, 2],
          [3, 4],
        ],
      },
    ],
    [
      'a line',
      {
        paths: [
          [
            [1, 2],
            [3, 4],
          ],
        ],
      },
      {
        type: 'LineString',
        coordinates: [
          [1, 2],
          [3, 4],
        ],
      },
    ],
    [
      'lines with measures that are no heights',
      {
        hasM: true,
        paths: [
          [
            [1, 2, 7],
            [3, 4, 8],
          ],
          [
            [5, 6, 9],
            [7, 8, 9],
          ],
        ],
      },
      {
        type: 'MultiLineString',
        coordinates: [
          [
            [1, 2, NaN, 7],
            [3, 4, NaN, 8],
          ],
          [
            [5, 6, NaN, 9],
            [7, 8, NaN, 9],
          ],
        ],
      },
    ],
    [
      'a line with heights and measures',
      {
        hasZ: true,
        hasM: true,
        paths: [
          [
            [1, 2, 5, 7],
            [3, 4, 6, 8],
          ],
        ],
      },
      {
        type: 'LineString',
        coordinates: [
          [1, 2, 5, 7],
          [3, 4, 6, 8],
        ],
      },
    ],
    [
      'a height that is missing once is missing',
      {
        hasZ: true,
        points: [
          [1, 2, 5],
          [3, 4, null],
        ],
      },
      {
        type: 'MultiPoint',
        coordinates: [
          [1, 2],
          [3, 4],
        ],
      },
    ],
    ['an empty point', { x: 'NaN', y: 'NaN' }, null],
    ['a point of null', { x: null, y: null }, null],
    ['an empty polygon', { rings: [] }, null],
    ['an empty line', { paths: [] }, null],
    ['an empty multipoint', { points: [] }, null],
    ['an empty object', {}, null],
  ])('%s', (_, esri, expected) => {
    expect(readEsriGeometry(esri)).toEqual(expected);
  });

  it('agrees with another converter on what both can read', () => {
    for (const esri of [
      { x: 0, y: 0 },
      { points: [[0, 1]] },
      { paths: [CW] },
      { rings: [CW, HOLE] },
      { rings: [AWAY] },
    ]) {
      const own = readEsriGeometry(esri) as { type: string; coordinates: number[][][] };
      const other = arcgisToGeoJSON(esri as never) as unknown as typeof own;
      expect(own.type).toBe(other.type);
      const set = (rings: unknown): unknown =>
        esri.rings
          ? new Set((rings as number[][][]).map((ring) => ring.map(String).sort().join(' ')))
          : rings;
      expect(set(own.coordinates)).toEqual(set(other.coordinates));
    }
  });

  it.each<[string, object, string, RegExp]>([
    ['no member of a geometry', { foo: 1 }, '', /no Esri geometry/],
    ['text for a number', { x: '1', y: 2 }, 'x', /finite number/],
    [
      'infinity',
      {
        paths: [
          [
            [0, 0],
            [Infinity, 0],
          ],
        ],
      },
      'paths/0/1/0',
      /finite/,
    ],
    ['rings of numbers', { rings: [1] }, 'rings/0', /array of positions/],
    ['a position of one number', { points: [[1]] }, 'points/0', /position/],
    ['an unknown curve', { curvePaths: [[[0, 0], { q: [[1, 1]] }]] }, 'curvePaths/0/1', /kind 'q'/],
    [
      'a curve from nowhere',
      {
        curvePaths: [
          [
            {
              c: [
                [1, 1],
                [0, 1],
              ],
            },
          ],
        ],
      },
      'curvePaths/0/0',
      /begin/,
    ],
  ])('refuses %s and says where', (_, esri, path, message) => {
    const found = fault(() => readEsriGeometry(esri));
    expect(found.path.join('/')).toBe(path);
    expect(found.message).toMatch(message);
  });
});

describe('curves', () => {
  const distances = (line: Geometry | null, [cx, cy]: [number, number]): number[] =>
    (line as { coordinates: number[][] }).coordinates.map(([x, y]) => Math.hypot(x! - cx, y! - cy));

  it('an arc through three positions is drawn on its circle', () => {
    const line = readEsriGeometry({
      curvePaths: [
        [
          [-1, 0],
          {
            c: [
              [1, 0],
              [0, 1],
            ],
          },
        ],
      ],
    });
    const coordinates = (line as { coordinates: number[][] }).coordinates;
    expect(coordinates.length).toBeGreaterThan(150);
    for (const distance of distances(line, [0, 0])) expect(distance).toBeCloseTo(1, 9);
    expect(Math.max(...coordinates.map(([, y]) => y!))).toBeCloseTo(1, 4);
    expect(Math.min(...coordinates.map(([, y]) => y!))).toBeGreaterThan(-1e-9);
  });

  it('an arc about a centre turns the way it says', () => {
    const half = (clockwise: number): number[] =>
      (
        readEsriGeometry({ curvePaths: [[[-1, 0], { a: [[1, 0], [0, 0], 0, clockwise] }]] }) as {
          coordinates: number[][];
        }
      ).coordinates.map(([, y]) => y!);
    expect(Math.max(...half(1))).toBeCloseTo(1, 4);
    expect(Math.min(...half(0))).toBeCloseTo(-1, 4);
  });

  it('a closed arc is a whole circle, with its area', () => {
    const circle = readEsriGeometry({ curveRings: [[[1, 0], { a: [[1, 0], [0, 0], 0, 1] }]] });
    for (const distance of distances(
      { type: 'LineString', coordinates: (circle as { coordinates: number[][][] }).coordinates[0]! },
      [0, 0],
    ))
      expect(distance).toBeCloseTo(1, 9);
  });

  it('an ellipse keeps its axes', () => {
    const ellipse = readEsriGeometry({ curvePaths: [[[2, 0], { a: [[-2, 0], [0, 0], 0, 0, 0, 2, 0.5] }]] });
    for (const [x, y] of (ellipse as { coordinates: number[][] }).coordinates)
      expect((x! / 2) ** 2 + y! ** 2).toBeCloseTo(1, 9);
  });

  it('a Bézier curve begins, ends and bends where it should', () => {
    const line = readEsriGeometry({
      curvePaths: [
        [
          [0, 0],
          {
            b: [
              [3, 0],
              [1, 3],
              [2, 3],
            ],
          },
        ],
      ],
    });
    const { coordinates } = line as { coordinates: number[][] };
    expect(coordinates.at(-1)).toEqual([3, 0]);
    expect(coordinates[32]).toEqual([1.5, 2.25]);
  });
});

describe('feature sets', () => {
  it('what the JavaScript client sends: no geometryType, no fields, the reference in the geometry', () => {
    const { document, crs } = readEsriFeatures({
      features: [
        {
          aggregateGeometries: null,
          geometry: { spatialReference: { wkid: 102100 }, x: 1, y: 2 },
          symbol: null,
          attributes: { name: 'a' },
          popupTemplate: null,
        },
      ],
    });
    expect(crs.name).toBe('EPSG:3857');
    expect(document.crs.properties.name).toBe('urn:ogc:def:crs:EPSG::3857');
    expect(document.features).toEqual([
      { type: 'Feature', properties: { name: 'a' }, geometry: { type: 'Point', coordinates: [1, 2] } },
    ]);
  });

  it('keeps ids, also 0', () => {
    const features = [{ attributes: { OBJECTID: 0 } }, { attributes: { OBJECTID: 7 } }];
    expect(readEsriFeatures({ features }).document.features.map(({ id }) => id)).toEqual([0, 7]);
    const named = { objectIdFieldName: 'key', features: [{ attributes: { key: 'x', OBJECTID: 1 } }] };
    expect(readEsriFeatures(named).document.features[0]!.id).toBe('x');
  });

  it('takes layers, collections, single features and bare geometries', () => {
    const featureSet = { features: [{ geometry: { x: 1, y: 2 } }] };
    const forms = [
      featureSet,
      { layerDefinition: {}, featureSet },
      { layers: [{ layerDefinition: {}, featureSet }] },
      { geometry: { x: 1, y: 2 }, attributes: {} },
      { x: 1, y: 2 },
    ];
    for (const form of forms) {
      expect(isEsriFeatures(form)).toBe(true);
      expect(readEsriFeatures(form).document.features.map(({ geometry }) => geometry)).toEqual([
        { type: 'Point', coordinates: [1, 2] },
      ]);
    }
    expect(isEsriFeatures({ type: 'FeatureCollection', features: [] })).toBe(false);
  });

  it('brings every geometry into one system', () => {
    const features = [
      { geometry: { x: 0, y: 0, spatialReference: { wkid: 4326 } } },
      { geometry: { x: 111319.49079327358, y: 0, spatialReference: { wkid: 102100, latestWkid: 3857 } } },
    ];
    const { document } = readEsriFeatures({ features });
    expect((document.features[1]!.geometry as { coordinates: number[] }).coordinates[0]).toBeCloseTo(1, 9);
  });

  it('keeps heights and leaves measures behind', () => {
    const features = [
      {
        geometry: {
          hasZ: true,
          hasM: true,
          paths: [
            [
              [0, 0, 1, 5],
              [1, 1, 2, 6],
            ],
          ],
        },
      },
    ];
    expect(readEsriFeatures({ features }).document.features[0]!.geometry).toEqual({
      type: 'LineString',
      coordinates: [
        [0, 0, 1],
        [1, 1, 2],
      ],
    });
  });

  it.each([
    ['a number for features', { features: 5 }, 'features'],
    ['a feature that is text', { features: ['x'] }, 'features/0'],
    ['attributes in a list', { features: [{ attributes: [] }] }, 'features/0/attributes'],
    ['an unknown system', { features: [], spatialReference: { wkid: 27700 } }, 'spatialReference'],
    [
      'an unknown system in a geometry',
      { features: [{ geometry: { x: 1, y: 1, spatialReference: { wkid: 99999 } } }] },
      'features/0/geometry/spatialReference',
    ],
  ])('refuses %s and says where', (_, value, path) => {
    expect(fault(() => readEsriFeatures(value)).path.join('/')).toBe(path);
  });
});

describe('spatial references', () => {
  it.each([
    [4326, 'EPSG:4326'],
    ['4326', 'EPSG:4326'],
    ['{"wkid":102100}', 'EPSG:3857'],
    [{ wkid: 102100, latestWkid: 3857 }, 'EPSG:3857'],
    [{ wkid: 102113 }, 'EPSG:3857'],
    [{ wkid: '32632' }, 'EPSG:32632'],
    [
      {
        wkt: 'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]',
      },
      'EPSG:4326',
    ],
    [
      { wkt: 'PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",GEOGCS["GCS_WGS_1984"],UNIT["Meter",1.0]]' },
      'EPSG:3857',
    ],
    [{ wkt: 'PROJCS["WGS_1984_UTM_Zone_32N",GEOGCS["GCS_WGS_1984"],UNIT["Meter",1.0]]' }, 'EPSG:32632'],
    [{ wkt: 'PROJCS["x",GEOGCS["y",AUTHORITY["EPSG","4326"]],AUTHORITY["EPSG","2154"]]' }, 'EPSG:2154'],
  ])('%j is %s', (value, name) => {
    expect(readSpatialReference(value)?.name).toBe(name);
  });

  it.each([null, undefined, '', {}, { wkid: null }])('%j says nothing', (value) => {
    expect(readSpatialReference(value)).toBeUndefined();
  });

  it.each([0, -1, 1.5, 27700, 'x', '{', [], true, { wkt: 'PROJCS["Moon"]' }])('%j is refused', (value) => {
    fault(() => readSpatialReference(value));
  });

  it('are written with both codes', () => {
    expect(writeSpatialReference({ name: 'EPSG:3857' })).toEqual({ wkid: 102100, latestWkid: 3857 });
    expect(writeSpatialReference({ name: 'OGC:CRS84' })).toEqual({ wkid: 4326, latestWkid: 4326 });
  });
});
