import type { Geometry, Position } from 'geojson';
import { turningArea } from './rings.js';

export type EsriGeometryType =
  'esriGeometryPoint' | 'esriGeometryMultipoint' | 'esriGeometryPolyline' | 'esriGeometryPolygon';

export interface WrittenDimensions {
  z: boolean;
  m: boolean;
}

/** Esri's type for a geometry; undefined for a collection, which Esri does not know. */
export function esriGeometryType({ type }: Geometry): EsriGeometryType | undefined {
  switch (type) {
    case 'Point':
      return 'esriGeometryPoint';
    case 'MultiPoint':
      return 'esriGeometryMultipoint';
    case 'LineString':
    case 'MultiLineString':
      return 'esriGeometryPolyline';
    case 'Polygon':
    case 'MultiPolygon':
      return 'esriGeometryPolygon';
    case 'GeometryCollection':
      return undefined;
  }
}

/**
 * A geometry as Esri JSON, without its spatial reference: shells clockwise, each followed by its holes, which run the
 * other way. `multipoint`: a single point is written as a multipoint of one. Heights and measures (fourth place) are
 * written where wanted and there.
 */
export function writeEsriGeometry(
  geometry: Geometry,
  wanted: WrittenDimensions,
  multipoint = false,
): Record<string, unknown> {
  const { z, m } = present(geometry, wanted);
  const flags = { ...(z && { hasZ: true }), ...(m && { hasM: true }) };
  const all = (path: Position[]): number[][] => path.map((one) => cut(one, z, m));
  switch (geometry.type) {
    case 'Point':
      return multipoint
        ? { ...flags, points: all([geometry.coordinates]) }
        : writePoint(geometry.coordinates, z, m);
    case 'MultiPoint':
      return { ...flags, points: all(geometry.coordinates) };
    case 'LineString':
      return { ...flags, paths: [all(geometry.coordinates)] };
    case 'MultiLineString':
      return { ...flags, paths: geometry.coordinates.map(all) };
    case 'Polygon':
      return { ...flags, rings: turnedRings(geometry.coordinates).map(all) };
    case 'MultiPolygon':
      return { ...flags, rings: geometry.coordinates.flatMap(turnedRings).map(all) };
    case 'GeometryCollection':
      throw new Error('Esri JSON has no geometry collections');
  }
}

function writePoint(position: Position, z: boolean, m: boolean): Record<string, unknown> {
  const [x, y] = position;
  return { x, y, ...(z && { z: position[2] }), ...(m && { m: position[3] }) };
}

const cut = (position: Position, z: boolean, m: boolean): number[] => [
  position[0]!,
  position[1]!,
  ...(z ? [position[2]!] : []),
  ...(m ? [position[3]!] : []),
];

const turnedRings = (rings: Position[][]): Position[][] =>
  rings.map((ring, index) => {
    const clockwise = turningArea(ring) < 0;
    return clockwise === (index === 0) ? ring : [...ring].reverse();
  });

/** Of what is wanted, what the geometry has: a height or measure that is somewhere in it. */
export function present(geometry: Geometry, wanted: WrittenDimensions): WrittenDimensions {
  const has = (axis: number): boolean => {
    const walk = (inner: unknown): boolean => {
      if (!Array.isArray(inner)) return false;
      return typeof inner[0] === 'number'
        ? inner[axis] !== undefined && !Number.isNaN(inner[axis])
        : inner.some(walk);
    };
    return (
      geometry.type !== 'GeometryCollection' && firstLength(geometry) > axis && walk(geometry.coordinates)
    );
  };
  return { z: wanted.z && has(2), m: wanted.m && has(3) };
}

/** Positions of one geometry have all the same length. */
function firstLength({ coordinates }: Exclude<Geometry, { type: 'GeometryCollection' }>): number {
  let inner: unknown = coordinates;
  while (Array.isArray(inner) && Array.isArray(inner[0])) inner = inner[0];
  return Array.isArray(inner) ? inner.length : 0;
}
