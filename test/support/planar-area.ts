import type { Geometry, Position } from 'geojson';

/** Area in the square of the coordinates' unit, by the shoelace formula: independent of every engine under test. */
export function planarArea(geometry: Geometry | null): number {
  switch (geometry?.type) {
    case 'Polygon':
      return polygonArea(geometry.coordinates);
    case 'MultiPolygon':
      return geometry.coordinates.reduce((sum, rings) => sum + polygonArea(rings), 0);
    case 'GeometryCollection':
      return geometry.geometries.reduce((sum, one) => sum + planarArea(one), 0);
    default:
      return 0;
  }
}

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
