import { expect, it } from 'vitest';
import { readWkt } from './wkt.js';

it.each([
  ['POINT (8.3 -47)', { type: 'Point', coordinates: [8.3, -47] }],
  ['SRID=4326;point z (1 2 3)', { type: 'Point', coordinates: [1, 2] }],
  [
    'LINESTRING(0 0, 1e1 .5)',
    {
      type: 'LineString',
      coordinates: [
        [0, 0],
        [10, 0.5],
      ],
    },
  ],
  ['POLYGON ((0 0, 2 0, 2 2, 0 0), (1 1, 1 0, 0 1, 1 1))', { type: 'Polygon' }],
  [
    'MULTIPOINT ((1 2), 3 4)',
    {
      type: 'MultiPoint',
      coordinates: [
        [1, 2],
        [3, 4],
      ],
    },
  ],
  ['GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (0 0, 1 1))', { type: 'GeometryCollection' }],
  ['POLYGON EMPTY', { type: 'Polygon', coordinates: [] }],
])('reads %s', (text, geometry) => {
  expect(readWkt(text)).toMatchObject(geometry);
});

it.each(['', 'Hello', 'POINT', 'POINT (1)', 'CIRCLE (0 0, 1)', 'LINESTRING (0 0, 1'])(
  'refuses %j',
  (text) => {
    expect(readWkt(text)).toBeUndefined();
  },
);
