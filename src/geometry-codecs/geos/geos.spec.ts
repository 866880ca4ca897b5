import type { Geometry } from 'geojson';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileCappedGeos } from './capped-module.js';
import { Geos } from './geos.js';
import { GeosError, GeosOutOfMemory } from './geos-error.js';

let geos: Geos;
beforeAll(async () => {
  geos = await Geos.start(compileCappedGeos(48 * 1024 ** 2));
});

const SQUARE: Geometry = {
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
};

describe('the heap codec', () => {
  it.each<[string, Geometry]>([
    ['a point', { type: 'Point', coordinates: [0.1, -1e-300] }],
    ['a point with height', { type: 'Point', coordinates: [1, 2, 3] }],
    [
      'a line with heights',
      { type: 'LineString', coordinates: Array.from({ length: 2000 }, (_, i) => [i, -i, i / 7]) },
    ],
    [
      'a polygon with a hole',
      {
        type: 'Polygon',
        coordinates: [
          ...(SQUARE as any).coordinates,
          [
            [1, 1],
            [1, 1.5],
            [1.5, 1.5],
            [1, 1],
          ],
        ],
      },
    ],
    [
      'points',
      {
        type: 'MultiPoint',
        coordinates: [
          [1, 2],
          [3, 4],
        ],
      },
    ],
    [
      'lines',
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
    ['polygons', { type: 'MultiPolygon', coordinates: [(SQUARE as any).coordinates] }],
    [
      'a collection of collections',
      {
        type: 'GeometryCollection',
        geometries: [
          SQUARE,
          { type: 'GeometryCollection', geometries: [{ type: 'Point', coordinates: [5, 5] }] },
        ],
      },
    ],
  ])('gives %s back exactly', (_name, geometry) => {
    expect(geos.arena(() => geos.read(geos.write(geometry)))).toEqual(geometry);
  });

  it('reads what is empty as null', () => {
    expect(
      geos.arena(() => geos.read(geos.write({ type: 'GeometryCollection', geometries: [] }))),
    ).toBeNull();
    const apart: Geometry = { type: 'Point', coordinates: [9, 9] };
    expect(geos.arena(() => geos.read(geos.intersection(geos.write(SQUARE), geos.write(apart))))).toBeNull();
  });

  it('frees what an arena made, also when its work throws', () => {
    const work = (): void =>
      geos.arena(() => {
        const square = geos.write(SQUARE);
        geos.unaryUnion(geos.collect([square, geos.buffer(square, { distance: 1, segments: 64 })]));
        throw new Error('stop');
      });
    for (let i = 0; i < 100; i++) expect(work).toThrow('stop');
    const before = geos.heap.bytes;
    for (let i = 0; i < 20_000; i++) expect(work).toThrow('stop');
    expect(geos.heap.bytes).toBe(before);
  });

  it('throws what GEOS refuses, and frees the parts of a polygon it cannot build', () => {
    const open: Geometry = {
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 0],
        ],
        [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 1],
        ],
      ],
    };
    const before = geos.heap.bytes;
    for (let i = 0; i < 20_000; i++) expect(() => geos.arena(() => geos.write(open))).toThrow(GeosError);
    expect(geos.heap.bytes).toBe(before);
    expect(geos.arena(() => geos.isValid(geos.write(SQUARE)))).toBe(true);
  });

  it('says at its memory cap that there is no more, and works on', () => {
    const heavy = (): unknown =>
      geos.arena(() => {
        const kept: number[] = [];
        for (;;)
          kept.push(
            geos.buffer(geos.write({ type: 'Point', coordinates: [0, 0] }), { distance: 1, segments: 5_000 }),
          );
      });
    for (let round = 0; round < 3; round++) expect(heavy).toThrow(GeosOutOfMemory);
    expect(geos.heap.bytes).toBeLessThanOrEqual(48 * 1024 ** 2);
    expect(geos.arena(() => geos.read(geos.union(geos.write(SQUARE), geos.write(SQUARE))))).not.toBeNull();
  });
});
