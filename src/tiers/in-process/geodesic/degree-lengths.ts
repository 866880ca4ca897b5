import type { Position } from 'geojson';
import { RADIANS } from './projection.js';

/** WGS 84: half the longer axis in metres, and the square of the eccentricity. */
const A = 6_378_137;
const E2 = 0.00669437999014;

/** Metres on the ground in one degree of longitude at a latitude. */
export function metersPerLongitude(lat: number): number {
  const sin = Math.sin(lat * RADIANS);
  return (RADIANS * A * Math.cos(lat * RADIANS)) / Math.sqrt(1 - E2 * sin * sin);
}

/** Metres on the ground in one degree of latitude at a latitude. */
export function metersPerLatitude(lat: number): number {
  const sin = Math.sin(lat * RADIANS);
  return (RADIANS * A * (1 - E2)) / (1 - E2 * sin * sin) ** 1.5;
}

/** Scales that nowhere between two latitudes are less than what a degree measures on the ground. */
export function largestScales(latitudes: [number, number]): { x: number; y: number } {
  const [south, north] = latitudes;
  const nearest = south <= 0 && north >= 0 ? 0 : Math.min(Math.abs(south), Math.abs(north));
  const farthest = Math.max(Math.abs(south), Math.abs(north));
  return { x: metersPerLongitude(nearest), y: metersPerLatitude(farthest) };
}

/** No less than the length in metres of an edge that is straight in longitude and latitude. */
export function edgeLengthBound(from: Position, to: Position): number {
  const { x, y } = largestScales([Math.min(from[1]!, to[1]!), Math.max(from[1]!, to[1]!)]);
  return Math.hypot((to[0]! - from[0]!) * x, (to[1]! - from[1]!) * y);
}

/** Where a position of longitude and latitude lies in space, in metres from the centre of the ellipsoid. */
export function spaceVector([lon, lat]: Position): [number, number, number] {
  const [sin, cos] = [Math.sin(lat! * RADIANS), Math.cos(lat! * RADIANS)];
  const n = A / Math.sqrt(1 - E2 * sin * sin);
  return [n * cos * Math.cos(lon! * RADIANS), n * cos * Math.sin(lon! * RADIANS), n * (1 - E2) * sin];
}
