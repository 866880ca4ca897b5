import type { Geometry, Position } from 'geojson';
import { type Bounds, OutsideOfProjection, positionConverter, WGS84 } from '../../geometry-codecs/worker.js';
import { isLonLat, knownCrs } from './open-file.js';

/** Edges of a box are bent by a projection. */
const STEPS = 50;

/** Undefined for a geometry without positions. */
export function boundsOf(geometry: Geometry | null): Bounds | undefined {
  let bounds: Bounds | undefined;
  const add = ([x, y]: Position): void => {
    bounds = bounds
      ? [Math.min(bounds[0], x!), Math.min(bounds[1], y!), Math.max(bounds[2], x!), Math.max(bounds[3], y!)]
      : [x!, y!, x!, y!];
  };
  const walk = (coordinates: unknown): void => {
    if (!Array.isArray(coordinates) || coordinates.length === 0) return;
    if (typeof coordinates[0] === 'number') add(coordinates as Position);
    else coordinates.forEach(walk);
  };
  const visit = (one: Geometry): void =>
    one.type === 'GeometryCollection' ? one.geometries.forEach(visit) : walk(one.coordinates);
  if (geometry) visit(geometry);
  return bounds;
}

export const merge = (a: Bounds | undefined, b: Bounds | undefined): Bounds | undefined =>
  a && b
    ? [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]
    : (a ?? b);

export const meet = (a: Bounds, b: Bounds): boolean =>
  a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];

/** A box of longitude and latitude in another system, or the other way round; undefined where nothing of it is there. */
export function converted(box: Bounds, crs: string, way: 'from lon-lat' | 'to lon-lat'): Bounds | undefined {
  if (isLonLat(crs)) return box;
  const known = knownCrs(crs);
  const convert = way === 'to lon-lat' ? positionConverter(known, WGS84) : positionConverter(WGS84, known);
  let bounds: Bounds | undefined;
  for (let x = 0; x <= STEPS; x++)
    for (let y = 0; y <= STEPS; y += x === 0 || x === STEPS ? 1 : STEPS) {
      const at = [box[0] + ((box[2] - box[0]) * x) / STEPS, box[1] + ((box[3] - box[1]) * y) / STEPS];
      try {
        bounds = merge(bounds, boundsOf({ type: 'Point', coordinates: convert(at) }));
      } catch (error) {
        if (!(error instanceof OutsideOfProjection)) throw error;
      }
    }
  return bounds;
}
