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

/** The parts of a geometry that have as many dimensions as the model's largest; null if there are none. */
export function ofDimension(geometry: Geometry, model: Geometry): Geometry | null {
  const wanted = dimensionOf(model);
  if (geometry.type !== 'GeometryCollection') return dimensionOf(geometry) === wanted ? geometry : null;
  const kept = geometry.geometries.map((one) => ofDimension(one, model)).filter((one) => one !== null);
  return kept.length === 0 ? null : gathered(kept);
}

function dimensionOf(geometry: Geometry): number {
  if (geometry.type === 'GeometryCollection') return Math.max(0, ...geometry.geometries.map(dimensionOf));
  if (geometry.type.endsWith('Point')) return 0;
  return geometry.type.endsWith('LineString') ? 1 : 2;
}

/** Polygons become one MultiPolygon and lines one MultiLineString. */
function gathered(parts: Geometry[]): Geometry {
  const polygons = parts.flatMap((one) =>
    one.type === 'Polygon' ? [one.coordinates] : one.type === 'MultiPolygon' ? one.coordinates : [],
  );
  const lines = parts.flatMap((one) =>
    one.type === 'LineString' ? [one.coordinates] : one.type === 'MultiLineString' ? one.coordinates : [],
  );
  if (polygons.length > 0) return { type: 'MultiPolygon', coordinates: polygons };
  if (lines.length > 0) return { type: 'MultiLineString', coordinates: lines };
  return parts.length === 1 ? parts[0]! : { type: 'GeometryCollection', geometries: parts };
}
