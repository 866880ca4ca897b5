import type { Geometry, Position } from 'geojson';
import type { Measure } from '../geodesic/ground-measure.js';
import { shapesOf } from '../geodesic/shapes.js';

/** Area, length and perimeter in the units of the coordinates. */
export function measureInPlane(geometry: Geometry): Measure {
  const { lines, areas } = shapesOf(geometry);
  return {
    area: sum(areas, ({ rings: [shell, ...holes] }) => ringArea(shell!) - sum(holes, ringArea)),
    length: sum(lines, lineLength),
    perimeter: sum(areas, ({ rings }) => sum(rings, lineLength)),
  };
}

function lineLength(line: Position[]): number {
  let length = 0;
  for (let i = 1; i < line.length; i++)
    length += Math.hypot(line[i]![0]! - line[i - 1]![0]!, line[i]![1]! - line[i - 1]![1]!);
  return length;
}

/** Shoelace formula about the first corner, which keeps the digits of small rings far from the origin. */
function ringArea(ring: Position[]): number {
  const [x0, y0] = ring[0] as [number, number];
  let twice = 0;
  for (let i = 1; i < ring.length; i++) {
    const [ax, ay, bx, by] = [
      ring[i - 1]![0]! - x0,
      ring[i - 1]![1]! - y0,
      ring[i]![0]! - x0,
      ring[i]![1]! - y0,
    ];
    twice += ax * by - bx * ay;
  }
  return Math.abs(twice) / 2;
}

const sum = <T>(items: T[], value: (item: T) => number): number =>
  items.reduce((total, item) => total + value(item), 0);
