import type { Geometry, Position } from 'geojson';
import { readCurve } from './curves.js';
import { EsriFault, isObject, type JsonObject, within } from './esri-fault.js';
import { type Dimensions, dimensionsOf, position, readList, readPosition } from './read-positions.js';
import { polygonsOf } from './rings.js';

/**
 * One Esri geometry, told apart by its members alone, to GeoJSON; null where it is empty. Positions are as
 * `readPosition` gives them. `declared`: hasZ and hasM of what holds it. Throws EsriFault.
 */
export function readEsriGeometry(
  value: unknown,
  declared: { hasZ?: unknown; hasM?: unknown } = {},
): Geometry | null {
  if (value === null || value === undefined) return null;
  if (!isObject(value)) throw new EsriFault('must be an Esri geometry object');
  const reader = Object.keys(READERS).find((key) => Object.hasOwn(value, key));
  if (reader === undefined) {
    if (Object.keys(value).every((key) => key === 'spatialReference')) return null;
    throw new EsriFault(`is no Esri geometry: it has none of ${Object.keys(READERS).join(', ')}`);
  }
  return READERS[reader]!(value, dimensionsOf([value, declared]));
}

type Read = (value: JsonObject, dimensions: Partial<Dimensions>) => Geometry | null;

/** In this order: a geometry with curves repeats nothing of the plain member. */
const READERS: Record<string, Read> = {
  x: readPoint,
  points: readMultipoint,
  curvePaths: (value, dimensions) =>
    readPolyline('curvePaths', value.curvePaths, (path) => readCurve(path, dimensions)),
  paths: (value, dimensions) => readPolyline('paths', value.paths, plain(dimensions)),
  curveRings: (value, dimensions) =>
    readPolygon('curveRings', value.curveRings, (ring) => readCurve(ring, dimensions)),
  rings: (value, dimensions) => readPolygon('rings', value.rings, plain(dimensions)),
  xmin: readEnvelope,
};

const plain =
  (dimensions: Partial<Dimensions>) =>
  (path: unknown): Position[] =>
    readList(path, 'positions', (one) => readPosition(one, dimensions));

const isAbsent = (value: unknown): boolean => value === null || value === undefined || value === 'NaN';

function readPoint({ x, y, z, m }: JsonObject): Geometry | null {
  if (isAbsent(x) || isAbsent(y)) return null;
  const number = (name: string, value: unknown): number => {
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw new EsriFault('must be a finite number', [name]);
    return value;
  };
  const optional = (name: string, value: unknown): number => (isAbsent(value) ? NaN : number(name, value));
  return {
    type: 'Point',
    coordinates: position(number('x', x), number('y', y), optional('z', z), optional('m', m)),
  };
}

function readMultipoint({ points }: JsonObject, dimensions: Partial<Dimensions>): Geometry | null {
  const coordinates = evened(within('points', () => plain(dimensions)(points)));
  return coordinates.length === 0 ? null : { type: 'MultiPoint', coordinates };
}

/** Paths of one vertex, which a generalised line may have, are left out. */
function readPolyline(member: string, value: unknown, read: (path: unknown) => Position[]): Geometry | null {
  const paths = within(member, () => readList(value, 'paths', read)).filter((path) => path.length > 1);
  const even = evenedAll(paths);
  if (even.length === 0) return null;
  return even.length === 1
    ? { type: 'LineString', coordinates: even[0]! }
    : { type: 'MultiLineString', coordinates: even };
}

/** Rings are closed where they are not; those of fewer than three corners are left out. */
function readPolygon(member: string, value: unknown, read: (ring: unknown) => Position[]): Geometry | null {
  const rings = within(member, () => readList(value, 'rings', read))
    .map(closed)
    .filter((ring) => ring.length > 3);
  const polygons = polygonsOf(evenedAll(rings));
  if (polygons.length === 0) return null;
  return polygons.length === 1
    ? { type: 'Polygon', coordinates: polygons[0]! }
    : { type: 'MultiPolygon', coordinates: polygons };
}

function readEnvelope({ xmin, ymin, xmax, ymax }: JsonObject): Geometry | null {
  const sides = { xmin, ymin, xmax, ymax };
  if (Object.values(sides).some(isAbsent)) return null;
  for (const [name, value] of Object.entries(sides))
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw new EsriFault('must be a finite number', [name]);
  const [w, s, e, n] = [xmin, ymin, xmax, ymax] as [number, number, number, number];
  return {
    type: 'Polygon',
    coordinates: [
      [
        [w, s],
        [e, s],
        [e, n],
        [w, n],
        [w, s],
      ],
    ],
  };
}

function closed(ring: Position[]): Position[] {
  const [first, last] = [ring[0], ring.at(-1)];
  if (!first || (first[0] === last![0] && first[1] === last![1])) {
    // Where only heights differ, the first is taken for both.
    return first ? [...ring.slice(0, -1), first] : ring;
  }
  return [...ring, first];
}

/** Positions of one geometry have all the same dimension: what some of them lack, none of them keeps. */
function evenedAll(paths: Position[][]): Position[][] {
  let dimension = Infinity;
  let largest = 0;
  for (const path of paths) {
    for (const { length } of path) {
      dimension = Math.min(dimension, length);
      largest = Math.max(largest, length);
    }
  }
  if (dimension === largest) return paths;
  return paths.map((path) => path.map((one) => one.slice(0, dimension)));
}

const evened = (path: Position[]): Position[] => evenedAll([path])[0]!;
