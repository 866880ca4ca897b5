import type { Geometry, Position } from 'geojson';
import { AppError } from '../../../shared/app-error.js';
import { shapesOf } from '../geodesic/shapes.js';
import { type Ball, BallTree, gapBetween } from './ball-tree.js';
import { along, type Metric } from './metric.js';

const MOST_PARTS = 5_000_000;

/** A point, or a part of an edge. */
interface Part extends Ball {
  from: Position;
  to: Position;
}

/** The points, lines and outlines of a geometry, ready for distances to be taken from them. */
export class Shape implements Ball {
  readonly center: Ball['center'];
  readonly radius: number;
  private readonly parts: Part[] = [];
  private index?: BallTree;

  constructor(
    private readonly metric: Metric,
    geometry: Geometry,
  ) {
    const { points, lines, areas } = shapesOf(geometry);
    for (const point of points) this.add(point, point);
    for (const line of [...lines, ...areas.flatMap(({ rings }) => rings)])
      for (let i = 1; i < line.length; i++) this.addEdge(line[i - 1]!, line[i]!);
    const middle = this.parts[this.parts.length >> 1]?.center ?? [0, 0, 0];
    this.center = middle;
    this.radius = this.parts.reduce(
      (most, part) => Math.max(most, gapBetween({ center: middle, radius: 0 }, part) + 2 * part.radius),
      0,
    );
  }

  /** The distance between two outlines if it is less than a limit, else Infinity. */
  distance(other: Shape, limit = Infinity): number {
    const [few, many] = this.parts.length <= other.parts.length ? [this, other] : [other, this];
    let best = limit;
    let found = false;
    const straight = (): number => this.metric.straight(best);
    many.index ??= new BallTree(many.parts);
    for (const part of few.parts) {
      if (gapBetween(part, many) > straight()) continue;
      many.index.visit(part, straight, (at) => {
        const distance = this.betweenParts(part, many.parts[at]!);
        if (distance > best || (distance === best && found)) return;
        best = distance;
        found = true;
      });
    }
    return found ? best : Infinity;
  }

  /** Parts that do not cross are nearest to each other at an end of one of them. */
  private betweenParts(a: Part, b: Part): number {
    if (a.from === a.to && b.from === b.to) return this.metric.between(a.from, b.from);
    return Math.min(
      ...(b.from === b.to ? [] : ends(a).map((end) => this.toPart(end, b))),
      ...(a.from === a.to ? [] : ends(b).map((end) => this.toPart(end, a))),
    );
  }

  private toPart(position: Position, { from, to }: Part): number {
    return this.metric.between(position, along(from, to, this.metric.nearestOn(position, from, to)));
  }

  private addEdge(from: Position, to: Position): void {
    const count = Math.max(1, Math.ceil(this.metric.edgeLength(from, to) / this.metric.longestPart));
    for (let i = 0; i < count; i++) this.add(along(from, to, i / count), along(from, to, (i + 1) / count));
  }

  private add(from: Position, to: Position): void {
    if (this.parts.length >= MOST_PARTS)
      throw new AppError(
        'too-large',
        'edges-too-long',
        'The edges are too many and too long to be measured.',
      );
    const center = this.metric.vector(along(from, to, 0.5));
    this.parts.push({ from, to, center, radius: this.metric.edgeLength(from, to) / 2 });
  }
}

const ends = ({ from, to }: Part): Position[] => (from === to ? [from] : [from, to]);
