import type { Position } from 'geojson';
import { EARTH_RADIUS, RADIANS } from './projection.js';

/** Where points lie on the globe: a centre, and the distance in metres within which all of them are. */
export interface Extent {
  lon: number;
  lat: number;
  radius: number;
}

type Vector = [number, number, number];

/** Measured in space, so that neither the antimeridian nor a pole is special. */
export function extentOf(lines: Iterable<Position[]>): Extent {
  const low: Vector = [2, 2, 2];
  const high: Vector = [-2, -2, -2];
  for (const line of lines) {
    for (const position of line) {
      const vector = vectorOf(position);
      for (let axis = 0; axis < 3; axis++) {
        if (vector[axis]! < low[axis]!) low[axis] = vector[axis]!;
        if (vector[axis]! > high[axis]!) high[axis] = vector[axis]!;
      }
    }
  }
  const [x, y, z] = low.map((value, axis) => (value + high[axis]!) / 2) as Vector;
  const length = Math.hypot(x, y, z);
  // Half the diagonal of the box bounds the chord; of half a globe or more nothing sensible can be said.
  const reach = Math.hypot(high[0] - low[0], high[1] - low[1], high[2] - low[2]) / 2;
  const radius =
    reach + (1 - length) > 1
      ? Infinity
      : EARTH_RADIUS * 2 * Math.asin(Math.min(1, (reach + (1 - length)) / 2));
  return { lon: Math.atan2(y, x) / RADIANS, lat: Math.atan2(z, Math.hypot(x, y)) / RADIANS, radius };
}

/** Metres along the chord; short of the arc by little at the distances it is used for. */
export function chord(a: Position, b: Position): number {
  const [ax, ay, az] = vectorOf(a);
  const [bx, by, bz] = vectorOf(b);
  return EARTH_RADIUS * Math.hypot(ax - bx, ay - by, az - bz);
}

function vectorOf(position: Position): Vector {
  const lon = position[0]! * RADIANS;
  const lat = position[1]! * RADIANS;
  const cos = Math.cos(lat);
  return [cos * Math.cos(lon), cos * Math.sin(lon), Math.sin(lat)];
}
