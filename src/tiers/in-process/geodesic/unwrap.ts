import type { Geometry, Position } from 'geojson';
import { closeOverPole } from './antimeridian.js';

/** Whether a line jumps over more than half the globe from one position to the next. */
export const hasJump = (line: Position[]): boolean =>
  line.some((to, index) => index > 0 && Math.abs(to[0]! - line[index - 1]![0]!) > 180);

export interface Unwrapped {
  geometry: Geometry;
  /** How many lines and polygons were read the short way round. */
  changed: number;
}

/**
 * A line drawn from 179 to -179 means the short way over the antimeridian, though RFC 7946 reads it as the long way
 * round. Lines are always read so; polygons only where `isBroken` says that the long way round makes no area.
 */
export function unwrap(geometry: Geometry, isBroken: (rings: Position[][]) => boolean): Unwrapped {
  let changed = 0;
  const line = (positions: Position[]): Position[] => {
    if (!hasJump(positions)) return positions;
    changed++;
    return follow(positions);
  };
  const polygon = (rings: Position[][]): Position[][] => {
    if (!rings.some(hasJump) || !isBroken(rings)) return rings;
    changed++;
    return rings.map(followRing);
  };
  const walk = (one: Geometry): Geometry => {
    switch (one.type) {
      case 'LineString':
        return { type: one.type, coordinates: line(one.coordinates) };
      case 'MultiLineString':
        return { type: one.type, coordinates: one.coordinates.map(line) };
      case 'Polygon':
        return { type: one.type, coordinates: polygon(one.coordinates) };
      case 'MultiPolygon':
        return { type: one.type, coordinates: one.coordinates.map(polygon) };
      case 'GeometryCollection':
        return { type: one.type, geometries: one.geometries.map(walk) };
      case 'Point':
      case 'MultiPoint':
        return one;
    }
  };
  const walked = walk(geometry);
  return { geometry: changed > 0 ? walked : geometry, changed };
}

/** The same positions with longitudes that run on beyond ±180 instead of jumping. */
function follow(positions: Position[]): Position[] {
  let turns = 0;
  return positions.map((position, index) => {
    const [lon, lat] = position as [number, number];
    const before = index > 0 ? positions[index - 1]![0]! : lon;
    if (Math.abs(lon - before) > 180) turns += lon < before ? 360 : -360;
    return [lon + turns, lat];
  });
}

/** A ring that ends some turns of the globe away from its start goes round a pole, and is closed over it. */
function followRing(ring: Position[]): Position[] {
  const straight = follow(startAtJump(ring));
  const turns = straight[straight.length - 1]![0]! - straight[0]![0]!;
  if (turns === 0) return straight;
  const north = straight.reduce((sum, [, lat]) => sum + lat!, 0) > 0;
  return closeOverPole({ positions: straight, turns }, north);
}

/** The same closed ring, begun on the antimeridian where it jumps over it. */
function startAtJump(ring: Position[]): Position[] {
  const at = ring.findIndex((to, index) => index > 0 && Math.abs(to[0]! - ring[index - 1]![0]!) > 180);
  if (at < 0) return ring;
  const [from, to] = [ring[at - 1]!, ring[at]!];
  const side = Math.sign(from[0]!) * 180;
  const way = to[0]! + 2 * side - from[0]!;
  const lat = way === 0 ? to[1]! : from[1]! + ((to[1]! - from[1]!) * (side - from[0]!)) / way;
  const open = ring.slice(0, -1);
  return [[-side, lat], ...open.slice(at), ...open.slice(0, at), [side, lat], [-side, lat]];
}
