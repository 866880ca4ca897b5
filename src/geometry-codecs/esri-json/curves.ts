import type { Position } from 'geojson';
import { EsriFault, isObject, within } from './esri-fault.js';
import { type Dimensions, readPosition } from './read-positions.js';

/** Vertices of a full circle: its chords stay within 0.004 % of the radius. */
const CIRCLE = 360;
const BEZIER = 64;
const LARGEST_RATIO = 1e6;

/**
 * A path of `curvePaths` or `curveRings` with its circular arcs (`c`), elliptic arcs (`a`) and Bézier curves (`b`) drawn
 * as many short edges. Throws EsriFault for anything else in it.
 */
export function readCurve(value: unknown, dimensions: Partial<Dimensions>): Position[] {
  if (!Array.isArray(value)) throw new EsriFault('must be an array of positions and curves');
  const drawn: Position[] = [];
  value.forEach((segment, index) =>
    within(index, () => {
      if (Array.isArray(segment)) return void drawn.push(readPosition(segment, dimensions));
      const from = drawn.at(-1);
      if (!from) throw new EsriFault('a path must begin with a position');
      drawn.push(...drawSegment(segment, from, dimensions));
    }),
  );
  return drawn;
}

function drawSegment(segment: unknown, from: Position, dimensions: Partial<Dimensions>): Position[] {
  if (!isObject(segment)) throw new EsriFault('must be a position or a curve');
  const [kind, ...others] = Object.keys(segment);
  const members = kind === undefined ? undefined : segment[kind];
  if (others.length > 0 || !Array.isArray(members)) throw new EsriFault('must be a position or a curve');
  const end = readPosition(members[0], dimensions);
  const plane = (index: number): Position =>
    within(index, () => readPosition(members[index], { hasZ: false, hasM: false }));
  if (kind === 'c') return drawArc(from, plane(1), end);
  if (kind === 'b') return drawBezier([from, plane(1), plane(2), end]);
  if (kind === 'a') return drawEllipse(from, end, { center: plane(1), rest: members.slice(2) });
  throw new EsriFault(
    `holds a curve of kind '${kind!.slice(0, 20)}'; arcs (c, a) and Bézier curves (b) are taken`,
  );
}

/** Through a point between the ends; a straight line where the three lie on one. */
function drawArc(from: Position, through: Position, end: Position): Position[] {
  const [ax, ay] = [through[0]! - from[0]!, through[1]! - from[1]!];
  const [bx, by] = [end[0]! - from[0]!, end[1]! - from[1]!];
  const closed = bx === 0 && by === 0;
  const cross = 2 * (ax * by - ay * bx);
  if (!closed && Math.abs(cross) < 1e-12 * (ax * ax + ay * ay + bx * bx + by * by)) return [through, end];
  const [a2, b2] = [ax * ax + ay * ay, bx * bx + by * by];
  const center = closed
    ? [from[0]! + ax / 2, from[1]! + ay / 2]
    : [from[0]! + (by * a2 - ay * b2) / cross, from[1]! + (ax * b2 - bx * a2) / cross];
  const clockwise = !closed && cross < 0;
  return sweep({ from, end, center, clockwise, axes: { rotation: 0, ratio: 1 } });
}

/** `[end, center, minor, clockwise, rotation, axis, ratio]`; without the last three it is an arc of a circle. */
function drawEllipse(
  from: Position,
  end: Position,
  { center, rest }: { center: Position; rest: unknown[] },
): Position[] {
  const [minor, clockwise, rotation = 0, , ratio = 1] = rest;
  const numbers = [minor, clockwise, rotation, ratio].every(
    (one) => typeof one === 'number' && Number.isFinite(one),
  );
  if (!numbers || !(Number(ratio) > 1 / LARGEST_RATIO && Number(ratio) <= LARGEST_RATIO))
    throw new EsriFault('holds an arc that is not [end, center, minor, clockwise, rotation, axis, ratio]');
  const axes = { rotation: Number(rotation), ratio: Number(ratio) };
  const arc = { from, end, center, clockwise: clockwise === 1, axes };
  const closed = from[0] === end[0] && from[1] === end[1];
  // Where `minor` contradicts the turning, the way round that is short is meant by old writers; the turning rules.
  return closed && minor === 1 ? [end] : sweep(arc);
}

interface Sweep {
  from: Position;
  end: Position;
  center: Position;
  clockwise: boolean;
  axes: { rotation: number; ratio: number };
}

/** Turns from one end to the other about the centre, on the ellipse stretched to pass through the first. */
function sweep({ from, end, center, clockwise, axes: { rotation, ratio } }: Sweep): Position[] {
  const [cos, sin] = [Math.cos(rotation), Math.sin(rotation)];
  const toCircle = (position: Position): [number, number] => {
    const [dx, dy] = [position[0]! - center[0]!, position[1]! - center[1]!];
    return [dx * cos + dy * sin, (dy * cos - dx * sin) / ratio];
  };
  const [ux, uy] = toCircle(from);
  const [vx, vy] = toCircle(end);
  const radius = Math.hypot(ux, uy);
  const start = Math.atan2(uy, ux);
  let turn = Math.atan2(vy, vx) - start;
  if (clockwise && turn >= 0) turn -= 2 * Math.PI;
  if (!clockwise && turn <= 0) turn += 2 * Math.PI;
  const steps = Math.max(1, Math.ceil((Math.abs(turn) / (2 * Math.PI)) * CIRCLE));
  const drawn: Position[] = [];
  for (let step = 1; step < steps; step++) {
    const angle = start + (turn * step) / steps;
    const [x, y] = [radius * Math.cos(angle), radius * Math.sin(angle) * ratio];
    drawn.push(
      between(from, end, step / steps, [center[0]! + x * cos - y * sin, center[1]! + x * sin + y * cos]),
    );
  }
  return [...drawn, end];
}

function drawBezier([from, one, two, end]: [Position, Position, Position, Position]): Position[] {
  const drawn: Position[] = [];
  for (let step = 1; step < BEZIER; step++) {
    const t = step / BEZIER;
    const [p, q, r, s] = [(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t ** 2, t ** 3];
    const at = (axis: 0 | 1): number => p * from[axis]! + q * one[axis]! + r * two[axis]! + s * end[axis]!;
    drawn.push(between(from, end, t, [at(0), at(1)]));
  }
  return [...drawn, end];
}

/** A drawn position, with height and measure as far along as it is itself. */
const between = (from: Position, end: Position, t: number, [x, y]: [number, number]): Position => [
  x,
  y,
  ...from.slice(2).map((value, index) => value + ((end[index + 2] ?? value) - value) * t),
];
