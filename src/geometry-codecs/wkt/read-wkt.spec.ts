import { expect, it } from 'vitest';
import { readWkt, WktFault } from './read-wkt.js';

it.each<[string, unknown]>([
  ['POINT (1 2)', { type: 'Point', coordinates: [1, 2] }],
  ['  point(1.5 -2e3)  ', { type: 'Point', coordinates: [1.5, -2000] }],
  ['POINT Z (1 2 3)', { type: 'Point', coordinates: [1, 2, 3] }],
  ['POINTZ(1 2 3)', { type: 'Point', coordinates: [1, 2, 3] }],
  [
    'LINESTRING (0 0, .5 +1.)',
    {
      type: 'LineString',
      coordinates: [
        [0, 0],
        [0.5, 1],
      ],
    },
  ],
  [
    'POLYGON ((0 0, 1 0, 1 1, 0 0))',
    {
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 0],
        ],
      ],
    },
  ],
  [
    'MULTIPOINT (1 2, (3 4))',
    {
      type: 'MultiPoint',
      coordinates: [
        [1, 2],
        [3, 4],
      ],
    },
  ],
  [
    'MULTILINESTRING ((0 0, 1 1), (2 2, 3 3))',
    {
      type: 'MultiLineString',
      coordinates: [
        [
          [0, 0],
          [1, 1],
        ],
        [
          [2, 2],
          [3, 3],
        ],
      ],
    },
  ],
  [
    'GEOMETRYCOLLECTION (POINT (1 2), POLYGON EMPTY)',
    { type: 'GeometryCollection', geometries: [{ type: 'Point', coordinates: [1, 2] }] },
  ],
  ['MULTIPOLYGON Z EMPTY', null],
])('reads %s', (text, geometry) => expect(readWkt(text).geometry).toEqual(geometry));

it('reads the system in front', () => expect(readWkt('SRID=3857; POINT (1 2)').srid).toBe(3857));

it.each([
  ['', 1],
  ['POINT', 6],
  ['POINT (1)', 9],
  ['POINT (1 2', 11],
  ['POINT (1 2))', 12],
  ['POINT (1 NaN)', 10],
  ['POINT (1 Infinity)', 10],
  ['CIRCLE (1 2)', 8],
  ['constructor (1 2)', 13],
  ['LINESTRING (0 0, )', 18],
  ['POINT (1 2) x', 13],
  ['POINT (1 2) ;', 12],
])('says where %j is wrong', (text, place) => {
  expect(() => readWkt(text)).toThrow(WktFault);
  expect(() => readWkt(text)).toThrow(`at character ${place}:`);
});
