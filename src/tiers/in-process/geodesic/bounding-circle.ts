import geodesic from 'geographiclib-geodesic';
import type { Geometry, Position } from 'geojson';
import type { Geos } from '../../../geometry-codecs/worker.js';
import { closeOverPole, cutAtAntimeridian } from './antimeridian.js';
import { AzimuthalEquidistant } from './azimuthal-equidistant.js';
import { extentOf } from './extent.js';
import { groundDistance } from './ground-measure.js';
import { wrap } from './projection.js';
import { positionsOf } from './shapes.js';

const { WGS84 } = geodesic.Geodesic;
const ROUNDS = 50;
/** From a pole to the equator, in metres. */
const HALF_THE_GLOBE = 10_001_965;
/** Metres by which the centre may still move. */
const SETTLED = 1e-4;

/** A circle on the ground: a centre in longitude and latitude, and a radius in metres. */
export interface GroundCircle {
  center: Position;
  radius: number;
}

/**
 * The smallest circle on the ground around positions that lie on one side of the globe; undefined if they do not. Few
 * positions decide: those of a hull, and then any that the circle of these leaves out.
 */
export function smallestCircleOnGround(geos: Geos, positions: Position[]): GroundCircle | undefined {
  const { lon, lat } = extentOf([positions]);
  const deciding = outermost(geos, positions, new AzimuthalEquidistant(lon, lat));
  let center: Position = [lon, lat];
  for (let round = 0; round < ROUNDS; round++) {
    center = settle(geos, deciding, center);
    const radius = farthest(center, deciding).distance;
    const outside = farthest(center, positions);
    if (outside.distance > HALF_THE_GLOBE) return undefined;
    if (outside.distance <= radius + SETTLED) return { center, radius: outside.distance };
    deciding.push(outside.position);
  }
  return undefined;
}

/**
 * In a map that keeps distances from its centre, the smallest circle of the plane is the one on the ground if its centre
 * is that of the map: so the map is moved until it is.
 */
function settle(geos: Geos, positions: Position[], from: Position): Position {
  let [lon, lat] = from as [number, number];
  for (let round = 0; round < ROUNDS; round++) {
    const map = new AzimuthalEquidistant(lon, lat);
    const circle = geos.arena(() => geos.shapes.minimumBoundingCircle(geos.write(inMap(map, positions))));
    const [x, y] = circle.center as [number, number];
    [lon, lat] = map.inverse(x, y);
    if (Math.hypot(x, y) < SETTLED) break;
  }
  return [wrap(lon), lat];
}

function outermost(geos: Geos, positions: Position[], map: AzimuthalEquidistant): Position[] {
  const hull = geos.arena(() => geos.read(geos.shapes.convexHull(geos.write(inMap(map, positions)))));
  return hull ? positionsOf(hull).map(([x, y]) => map.inverse(x!, y!)) : [];
}

const inMap = (map: AzimuthalEquidistant, positions: Position[]): Geometry => ({
  type: 'MultiPoint',
  coordinates: positions.map(([lon, lat]) => map.forward(lon!, lat!)),
});

function farthest(center: Position, positions: Position[]): { position: Position; distance: number } {
  let best = { position: center, distance: 0 };
  for (const position of positions) {
    const distance = groundDistance(center, position);
    if (distance > best.distance) best = { position, distance };
  }
  return best;
}

/** The circle as a polygon whose vertices lie on it, cut at the antimeridian. */
export function drawCircle(
  geos: Geos,
  { center: [lon, lat], radius }: GroundCircle,
  segments: number,
): Geometry | null {
  if (radius === 0) return { type: 'Point', coordinates: [lon!, lat!] };
  const positions: Position[] = [];
  for (let i = 0; i <= 4 * segments; i++) {
    const azimuth = -((i % (4 * segments)) * 90) / segments;
    const { lat2, lon2 } = WGS84.Direct(lat!, lon!, azimuth, radius);
    const before = positions[i - 1]?.[0] ?? lon!;
    positions.push([before + wrap(lon2! - before), lat2!]);
  }
  const turns = 360 * Math.round((positions[positions.length - 1]![0]! - positions[0]![0]!) / 360);
  positions[positions.length - 1] = [positions[0]![0]! + turns, positions[0]![1]!];
  const ring = closeOverPole({ positions, turns }, lat! >= 0);
  return geos.read(geos.orient(geos.valid(cutAtAntimeridian(geos, [ring]))));
}
