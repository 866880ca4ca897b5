import type { Geometry, Position } from 'geojson';

/** Two places along a path are one if they are nearer than this part of a segment. */
export const SAME = 1e-9;

export const pathsOf = (line: Geometry): Position[][] =>
  line.type === 'LineString' ? [line.coordinates] : line.type === 'MultiLineString' ? line.coordinates : [];

export const lineOfPaths = (paths: Position[][]): Geometry | null => {
  const [first, ...others] = paths;
  if (!first) return null;
  return others.length === 0
    ? { type: 'LineString', coordinates: first }
    : { type: 'MultiLineString', coordinates: paths };
};

/** The part of a path between two places along it. */
export function stretch(path: Position[], from: number, to: number): Position[] {
  const inner = path.filter((_, index) => index > from + SAME && index < to - SAME);
  return [placeAt(path, from), ...inner, placeAt(path, to)];
}

function placeAt(path: Position[], at: number): Position {
  const index = Math.min(Math.floor(at), path.length - 2);
  const t = at - index;
  if (t <= SAME) return path[index]!;
  return t >= 1 - SAME ? path[index + 1]! : between(path[index]!, path[index + 1]!, t);
}

/** Beyond 1 it goes on the same way. */
export const between = (from: Position, to: Position, t: number): Position =>
  from.map((value, axis) => value + (to[axis]! - value) * t);
