import geodesic from 'geographiclib-geodesic';
import type { Position } from 'geojson';
import { edgeLengthBound, spaceVector } from '../geodesic/degree-lengths.js';
import { groundDistance } from '../geodesic/ground-measure.js';

export type Vector = [number, number, number];

/** How far things are from each other: by straight ways in space, which rank them, and truly. */
export interface Metric {
  vector(position: Position): Vector;
  /** No less than the way along an edge. */
  edgeLength(from: Position, to: Position): number;
  /** Edges are cut into parts of at most this length. */
  readonly longestPart: number;
  /** The place on an edge that is nearest to a position, from 0 at its start to 1 at its end. */
  nearestOn(position: Position, from: Position, to: Position): number;
  /** The true distance. */
  between(a: Position, b: Position): number;
  /** No less than the straight way between places of which the true distance is this. */
  straight(distance: number): number;
}

/** So that rounding hides nothing that is just as far. */
const SLACK = 1 + 1e-12;

export const PLANE: Metric = {
  vector: ([x, y]) => [x!, y!, 0],
  edgeLength: (from, to) => Math.hypot(to[0]! - from[0]!, to[1]! - from[1]!),
  longestPart: Infinity,
  nearestOn: ([x, y], [x0, y0], [x1, y1]) => {
    const [dx, dy] = [x1! - x0!, y1! - y0!];
    const squared = dx * dx + dy * dy;
    return squared === 0 ? 0 : within01(((x! - x0!) * dx + (y! - y0!) * dy) / squared);
  },
  between: (a, b) => Math.hypot(b[0]! - a[0]!, b[1]! - a[1]!),
  straight: (distance) => distance * SLACK,
};

/** No section of the ellipsoid is flatter than this, in metres. */
const FLATTEST = geodesic.Constants.WGS84.a * 1.0034;
const ROUNDS = 5;

/** Metres on the ground; edges are straight in longitude and latitude. */
export const GLOBE: Metric = {
  vector: spaceVector,
  edgeLength: edgeLengthBound,
  longestPart: 100_000,
  nearestOn: (position, from, to) => {
    const here = spaceVector(position);
    const squared = (t: number): number => squaredChord(here, spaceVector(along(from, to, t)));
    // Parabolas through three places: the square of the chord is all but one over a short edge.
    let [t, step] = [0.5, 0.5];
    for (let round = 0; round < ROUNDS; round++) {
      const [before, at, after] = [squared(t - step), squared(t), squared(t + step)];
      const bend = before - 2 * at + after;
      if (bend <= 0) break;
      t = within01(t + (step * (before - after)) / (2 * bend));
      step /= 16;
    }
    const [start, middle, end] = [squared(0), squared(t), squared(1)];
    if (start <= middle && start <= end) return 0;
    return end <= middle ? 1 : t;
  },
  between: groundDistance,
  straight: (distance) => 2 * FLATTEST * SLACK * Math.sin(Math.min(Math.PI / 2, distance / (2 * FLATTEST))),
};

export const along = (from: Position, to: Position, t: number): Position =>
  t === 1 ? to : [from[0]! + (to[0]! - from[0]!) * t, from[1]! + (to[1]! - from[1]!) * t];

const within01 = (t: number): number => Math.min(1, Math.max(0, t));

const squaredChord = (a: Vector, b: Vector): number =>
  (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;
