import type { Geometry, Position } from 'geojson';

/** Area in the square of the coordinates' unit, by the shoelace formula: independent of every engine under test. */
export function planarArea(geometry: Geometry | null): number {
  if (geometry?.type === 'Polygon') return polygonArea(geometry.coordinates);
  if (geometry?.type === 'MultiPolygon') return sum(geometry.coordinates.map(polygonArea));
  return geometry?.type === 'GeometryCollection' ? sum(geometry.geometries.map(planarArea)) : 0;
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

const polygonArea = ([shell, ...holes]: Position[][]): number =>
  holes.reduce((sum, hole) => sum - Math.abs(ringArea(hole)), Math.abs(ringArea(shell!)));

/** Positive for a counter-clockwise ring. */
export function ringArea(ring: Position[]): number {
  const [x0, y0] = ring[0] as [number, number];
  let twice = 0;
  for (let i = 1; i < ring.length; i++) {
    const [ax, ay] = ring[i - 1] as [number, number];
    const [bx, by] = ring[i] as [number, number];
    twice += (ax - x0) * (by - y0) - (bx - x0) * (ay - y0);
  }
  return twice / 2;
}
