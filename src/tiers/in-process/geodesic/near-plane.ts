import type { Geometry, Position } from 'geojson';
import type { Geos, Pointer } from '../../../geometry-codecs/worker.js';
import { EdgeMapper } from './edges.js';
import { extentOf } from './extent.js';
import { TransverseMercator } from './transverse-mercator.js';

/** Metres from its centre within which lengths in the plane are true to 0.2 %. */
const REACH = 400_000;
/** An edge leaves its true place by this part of the distance at most when it is carried over. */
const RELATIVE_TOLERANCE = 0.0015;
const SMALLEST_TOLERANCE = 0.001;

/**
 * What is drawn about lines or areas of longitude and latitude up to a distance in metres, in a plane of their own that is
 * true to the ground; longitudes of the result run on without jumps. Undefined where they reach too far for one plane.
 */
export function drawnNear(
  geos: Geos,
  geometry: Geometry,
  { distance, draw }: { distance: number; draw: (pointer: Pointer) => Pointer },
): Geometry | null | undefined {
  const { lon, lat, radius } = extentOf(pathsOf(geometry));
  const reach = radius + Math.abs(distance);
  if (!(reach <= REACH)) return undefined;
  const tolerance = Math.max(Math.abs(distance) * RELATIVE_TOLERANCE, SMALLEST_TOLERANCE);
  const mapper = new EdgeMapper(new TransverseMercator(lon, lat), tolerance, reach);
  const plane = geos.write(mapPaths(geometry, (path) => mapper.toPlane(path)));
  const drawn = geos.read(geos.orient(draw(geos.valid(plane))));
  return drawn && mapPaths(drawn, (path) => mapper.lineToGlobe(path));
}

function pathsOf(geometry: Geometry): Position[][] {
  const paths: Position[][] = [];
  mapPaths(geometry, (path) => (paths.push(path), path));
  return paths;
}

function mapPaths(geometry: Geometry, map: (path: Position[]) => Position[]): Geometry {
  switch (geometry.type) {
    case 'LineString':
      return { ...geometry, coordinates: map(geometry.coordinates) };
    case 'MultiLineString':
    case 'Polygon':
      return { ...geometry, coordinates: geometry.coordinates.map(map) };
    case 'MultiPolygon':
      return { ...geometry, coordinates: geometry.coordinates.map((rings) => rings.map(map)) };
    case 'Point':
    case 'MultiPoint':
    case 'GeometryCollection':
      return geometry;
  }
}
