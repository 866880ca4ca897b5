import type { Feature, Geometry, Position } from 'geojson';

const square = (x: number, y: number, side = 1): Position[] => [
  [x, y],
  [x + side, y],
  [x + side, y + side],
  [x, y + side],
  [x, y],
];

/** Legal GeoJSON that operations stumble over, by name. */
export const AWKWARD: Record<string, Geometry | null> = {
  nothing: null,
  'an empty collection': { type: 'GeometryCollection', geometries: [] },
  'an empty multipolygon': { type: 'MultiPolygon', coordinates: [] },
  'a point': { type: 'Point', coordinates: [7, 46] },
  'a point with height': { type: 'Point', coordinates: [7, 46, 400] },
  'the same point three times': {
    type: 'MultiPoint',
    coordinates: [
      [7, 46],
      [7, 46],
      [7, 46],
    ],
  },
  'points in a line': {
    type: 'MultiPoint',
    coordinates: [
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 3],
    ],
  },
  'a line of no length': {
    type: 'LineString',
    coordinates: [
      [7, 46],
      [7, 46],
    ],
  },
  'a line that crosses itself': {
    type: 'LineString',
    coordinates: [
      [0, 0],
      [2, 2],
      [2, 0],
      [0, 2],
    ],
  },
  'a line with heights': {
    type: 'LineString',
    coordinates: [
      [0, 0, 10],
      [1, 1, 20],
      [2, 0, 30],
    ],
  },
  'a line over the antimeridian': {
    type: 'LineString',
    coordinates: [
      [179, -18],
      [-179, -17],
    ],
  },
  'a bow tie': {
    type: 'Polygon',
    coordinates: [
      [
        [0, 0],
        [2, 2],
        [2, 0],
        [0, 2],
        [0, 0],
      ],
    ],
  },
  'a spike that encloses nothing': {
    type: 'Polygon',
    coordinates: [
      [
        [0, 0],
        [1, 1],
        [2, 2],
        [0, 0],
      ],
    ],
  },
  'a polygon of one place': {
    type: 'Polygon',
    coordinates: [
      [
        [1, 1],
        [1, 1],
        [1, 1],
        [1, 1],
      ],
    ],
  },
  'a polygon with a hole, drawn the wrong way round': {
    type: 'Polygon',
    coordinates: [square(0, 0, 4).reverse(), square(1, 1)],
  },
  'overlapping parts': { type: 'MultiPolygon', coordinates: [[square(0, 0, 2)], [square(1, 1, 2)]] },
  'parts on both sides of the antimeridian': {
    type: 'MultiPolygon',
    coordinates: [[square(179, -18)], [square(-180, -18)]],
  },
  'the whole world': {
    type: 'Polygon',
    coordinates: [
      [
        [-180, -90],
        [180, -90],
        [180, 90],
        [-180, 90],
        [-180, -90],
      ],
    ],
  },
  'points, lines and areas in a collection': {
    type: 'GeometryCollection',
    geometries: [
      { type: 'Point', coordinates: [5, 5] },
      {
        type: 'LineString',
        coordinates: [
          [0, 0],
          [4, 4],
        ],
      },
      { type: 'Polygon', coordinates: [square(1, 1)] },
      { type: 'GeometryCollection', geometries: [{ type: 'Point', coordinates: [6, 6] }] },
    ],
  },
  'tiny beside huge': { type: 'MultiPolygon', coordinates: [[square(0, 0, 1e-9)], [square(10, 10, 30)]] },
};

export const asFeature = (geometry: Geometry | null, name: string): Feature => ({
  type: 'Feature',
  id: name,
  properties: { name, note: 'Größe 1 m²' },
  geometry: geometry as Geometry,
});
