import type { Geometry, Position } from 'geojson';
import proj4 from 'proj4';
import type { Crs } from './crs.js';

/** A position that the target system cannot show; its message is the position. */
export class OutsideOfProjection extends Error {}

export type ConvertPosition = (position: Position) => Position;

/** Positions of one system in another; what follows x and y is kept. It throws OutsideOfProjection. */
export function positionConverter(source: Crs, target: Crs): ConvertPosition {
  if (source.proj === target.proj) return (position) => position;
  const { forward } = proj4(source.proj, target.proj);
  return (position) => {
    const [x, y] = position as [number, number];
    const converted = tryForward(forward, [x, y]);
    if (!converted?.every(Number.isFinite)) throw new OutsideOfProjection(`${x}, ${y}`);
    return [converted[0]!, converted[1]!, ...position.slice(2)];
  };
}

/** proj4 throws a plain error where a formula gives no number. */
function tryForward(forward: (position: number[]) => number[], position: number[]): number[] | undefined {
  try {
    return forward(position);
  } catch {
    return undefined;
  }
}

/** The same geometry with every position converted. Edges get no extra vertices. */
export function mapPositions(geometry: Geometry, convert: ConvertPosition): Geometry {
  if (geometry.type === 'GeometryCollection') {
    return { type: geometry.type, geometries: geometry.geometries.map((one) => mapPositions(one, convert)) };
  }
  const map = (coordinates: unknown[]): unknown[] =>
    typeof coordinates[0] === 'number'
      ? convert(coordinates as Position)
      : coordinates.map((inner) => map(inner as unknown[]));
  return { type: geometry.type, coordinates: map(geometry.coordinates) } as Geometry;
}
