import type { Geometry, Position } from 'geojson';
import { cellToBoundary } from 'h3-js';
import type { Geos } from '../../../geometry-codecs/worker.js';
import { cutToWorld, runsBeyond } from '../geodesic/short-way.js';

const RADIANS = Math.PI / 180;
/** How far an edge may be drawn from where it is, in its own lengths. */
const OFF = 0.01;
const MOST_HALVINGS = 8;

/**
 * The outline of a cell of H3 in longitude and latitude, cut at the antimeridian, and drawn up to a pole that it holds. Its
 * edges are the shortest ways on a sphere: towards the poles they get vertices between their ends.
 */
export function h3Outline(geos: Geos, cell: string): Geometry {
  const corners = cellToBoundary(cell, true);
  const ring = unrolled([
    corners[0]!,
    ...corners.slice(1).flatMap((to, at) => [...between(corners[at]!, to), to]),
  ]);
  const [first, last] = [ring[0]!, ring.at(-1)!];
  if (first[0] !== last[0]) {
    const pole = first[1]! > 0 ? 90 : -90;
    ring.push([last[0]!, pole], [first[0]!, pole], first);
  }
  const outline: Geometry = { type: 'Polygon', coordinates: [ring] };
  return runsBeyond(outline) ? cutToWorld(geos, outline)! : geos.read(geos.orient(geos.write(outline)))!;
}

/** Longitudes that go on beyond ±180° rather than jump: a ring around a pole ends a turn away from where it began. */
function unrolled(ring: number[][]): Position[] {
  let before = ring[0]![0]!;
  return ring.map(([lon, lat]): Position => {
    before = lon! + 360 * Math.round((before - lon!) / 360);
    return [before, lat!];
  });
}

/** Vertices of the shortest way where a straight edge is too far from it. */
function between(from: number[], to: number[], halvings = 0): number[][] {
  const middle = middleOf(from, to);
  const shrink = Math.cos(middle[1]! * RADIANS);
  const distance = ([lon, lat]: number[], [lon2, lat2]: number[]): number =>
    Math.hypot((lon2! - lon! - 360 * Math.round((lon2! - lon!) / 360)) * shrink, lat2! - lat!);
  const turn = to[0]! - from[0]! - 360 * Math.round((to[0]! - from[0]!) / 360);
  const straight = [from[0]! + turn / 2, (from[1]! + to[1]!) / 2];
  if (halvings === MOST_HALVINGS || distance(straight, middle) <= OFF * distance(from, to)) return [];
  return [...between(from, middle, halvings + 1), middle, ...between(middle, to, halvings + 1)];
}

function middleOf(from: number[], to: number[]): number[] {
  const [a, b] = [vectorOf(from), vectorOf(to)];
  const [x, y, z] = a.map((value, axis) => value + b[axis]!) as [number, number, number];
  return [Math.atan2(y, x) / RADIANS, Math.atan2(z, Math.hypot(x, y)) / RADIANS];
}

const vectorOf = ([lon, lat]: number[]): number[] => [
  Math.cos(lat! * RADIANS) * Math.cos(lon! * RADIANS),
  Math.cos(lat! * RADIANS) * Math.sin(lon! * RADIANS),
  Math.sin(lat! * RADIANS),
];
