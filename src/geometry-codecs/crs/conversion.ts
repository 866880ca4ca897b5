import type { Geometry, Position } from 'geojson';
import proj4 from 'proj4';
import type { Crs } from './crs.js';

/** A position that has no place in the target system; the message has the position. */
export class OutsideOfProjection extends Error {}

export type Conversion = (geometry: Geometry) => Geometry;

/**
 * From one system to another, position by position: heights are kept, edges get no extra vertices. The conversion
 * throws OutsideOfProjection.
 */
export function conversion(source: Crs, target: Crs): Conversion {
  if (source.proj === target.proj) return (geometry) => geometry;
  const { forward } = proj4(source.proj, target.proj);
  const convert = (position: Position): Position => {
    const [x, y] = position as [number, number];
    const converted = tryForward(forward, [x, y]);
    if (!converted?.every(Number.isFinite)) throw new OutsideOfProjection(`${x}, ${y}`);
    return position.length > 2 ? [converted[0]!, converted[1]!, position[2]!] : converted;
  };
  return (geometry) => mapPositions(geometry, convert);
}

/** proj4 throws a plain error where a formula gives no number. */
function tryForward(forward: (position: number[]) => number[], position: number[]): number[] | undefined {
  try {
    return forward(position);
  } catch {
    return undefined;
  }
}

/** The same geometry with every position changed. */
export function mapPositions(geometry: Geometry, change: (position: Position) => Position): Geometry {
  if (geometry.type === 'GeometryCollection') {
    return { type: geometry.type, geometries: geometry.geometries.map((one) => mapPositions(one, change)) };
  }
  const map = (coordinates: unknown[]): unknown[] =>
    typeof coordinates[0] === 'number'
      ? change(coordinates as Position)
      : coordinates.map((inner) => map(inner as unknown[]));
  return { type: geometry.type, coordinates: map(geometry.coordinates) } as Geometry;
}
