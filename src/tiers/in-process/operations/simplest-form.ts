import type { Geometry } from 'geojson';

/** A collection of one is that one. */
export function simplestForm(geometry: Geometry): Geometry {
  switch (geometry.type) {
    case 'MultiPoint':
      return geometry.coordinates.length === 1
        ? { type: 'Point', coordinates: geometry.coordinates[0]! }
        : geometry;
    case 'MultiLineString':
      return geometry.coordinates.length === 1
        ? { type: 'LineString', coordinates: geometry.coordinates[0]! }
        : geometry;
    case 'MultiPolygon':
      return geometry.coordinates.length === 1
        ? { type: 'Polygon', coordinates: geometry.coordinates[0]! }
        : geometry;
    case 'GeometryCollection':
      return geometry.geometries.length === 1 ? simplestForm(geometry.geometries[0]!) : geometry;
    case 'Point':
    case 'LineString':
    case 'Polygon':
      return geometry;
  }
}
