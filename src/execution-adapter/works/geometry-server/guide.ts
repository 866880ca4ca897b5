import Flatbush from 'flatbush';
import type { Geometry, Position } from 'geojson';
import { between, pathsOf, SAME } from './stretches.js';

/** Where a path meets a guide. */
export interface Crossing {
  /** How far along the path: the number of its segment, and the part of it that is behind. */
  at: number;
  /** On the path; what follows x and y lies between that of its neighbours. */
  position: Position;
  guide: PlaceOnGuide;
}

export interface PlaceOnGuide {
  path: number;
  /** As `Crossing.at`. */
  at: number;
}

interface Meeting {
  /** Parts of either segment that are behind. */
  t: number;
  guide: PlaceOnGuide;
}

/** Lines that paths are held against, in the plane of their coordinates. */
export class Guide {
  readonly paths: Position[][];
  private readonly segments: { path: number; index: number }[];
  private readonly tree: Flatbush;

  constructor(line: Geometry) {
    this.paths = pathsOf(line);
    this.segments = this.paths.flatMap((positions, path) =>
      positions.slice(1).map((_, index) => ({ path, index })),
    );
    this.tree = new Flatbush(this.segments.length);
    for (const { path, index } of this.segments)
      this.tree.add(...boundsOf(this.paths[path]![index]!, this.paths[path]![index + 1]!));
    this.tree.finish();
  }

  /** Where a path meets the guide, in the order of the path. Where both run along each other, the ends of that. */
  crossings(path: Position[]): Crossing[] {
    const found: Crossing[] = [];
    for (let index = 0; index + 1 < path.length; index++) {
      const [from, to] = [path[index]!, path[index + 1]!];
      for (const { t, guide } of this.meetings(from, to, 1))
        found.push({ at: index + t, position: between(from, to, t), guide });
    }
    found.sort((a, b) => a.at - b.at);
    return found.filter(({ at, guide }, index) => {
      const before = found[index - 1];
      return !before || at - before.at > SAME || guide.path !== before.guide.path;
    });
  }

  /** How far the way from one position through another goes on until it meets the guide, in lengths of that way. */
  ahead(from: Position, through: Position): number | undefined {
    const { minX, minY, maxX, maxY } = this.tree;
    const [dx, dy] = [through[0]! - from[0]!, through[1]! - from[1]!];
    const exits = [
      ...(dx === 0 ? [] : [(minX - from[0]!) / dx, (maxX - from[0]!) / dx]),
      ...(dy === 0 ? [] : [(minY - from[1]!) / dy, (maxY - from[1]!) / dy]),
    ];
    const farthest = Math.max(...exits) * (1 + SAME) + SAME;
    if (!(farthest > 1)) return undefined;
    const ts = this.meetings(from, through, farthest).map(({ t }) => t);
    const beyond = ts.filter((t) => t > 1 + SAME);
    return beyond.length === 0 ? undefined : Math.min(...beyond);
  }

  /** Whether a direction leads to the left of the guide from a place on it. */
  isLeft({ path, at }: PlaceOnGuide, [dx, dy]: [number, number]): boolean {
    const positions = this.paths[path]!;
    const nearest = Math.round(at);
    const atVertex = Math.abs(at - nearest) <= SAME && nearest > 0 && nearest < positions.length - 1;
    const left = (segment: number): boolean => cross(this.direction(path, segment), [dx, dy]) > 0;
    if (!atVertex) return left(Math.min(Math.max(Math.floor(at), 0), positions.length - 2));
    const turnsLeft = cross(this.direction(path, nearest - 1), this.direction(path, nearest)) >= 0;
    return turnsLeft ? left(nearest - 1) && left(nearest) : left(nearest - 1) || left(nearest);
  }

  private direction(path: number, segment: number): [number, number] {
    const [a, b] = [this.paths[path]![segment]!, this.paths[path]![segment + 1]!];
    return [b[0]! - a[0]!, b[1]! - a[1]!];
  }

  /** With segments of the guide, up to so many lengths along the way from one position to another. */
  private meetings(from: Position, to: Position, farthest: number): Meeting[] {
    const end = farthest === 1 ? to : between(from, to, farthest);
    return this.tree.search(...boundsOf(from, end)).flatMap((number) => {
      const { path, index } = this.segments[number]!;
      const met = meeting([from, to], [this.paths[path]![index]!, this.paths[path]![index + 1]!], farthest);
      return met ? [{ t: met.t, guide: { path, at: index + met.u } }] : [];
    });
  }
}

const cross = ([ax, ay]: number[], [bx, by]: number[]): number => ax! * by! - ay! * bx!;

const boundsOf = (a: Position, b: Position): [number, number, number, number] => [
  Math.min(a[0]!, b[0]!),
  Math.min(a[1]!, b[1]!),
  Math.max(a[0]!, b[0]!),
  Math.max(a[1]!, b[1]!),
];

function meeting(
  [p, q]: [Position, Position],
  [a, b]: [Position, Position],
  farthest: number,
): { t: number; u: number } | undefined {
  const [way, guide] = [
    [q[0]! - p[0]!, q[1]! - p[1]!],
    [b[0]! - a[0]!, b[1]! - a[1]!],
  ];
  const turn = cross(way, guide);
  if (turn === 0) return undefined;
  const apart = [a[0]! - p[0]!, a[1]! - p[1]!];
  const [t, u] = [cross(apart, guide) / turn, cross(apart, way) / turn];
  const inside = (value: number, end: number): boolean => value >= -SAME && value <= end + SAME;
  if (!inside(t, farthest) || !inside(u, 1)) return undefined;
  return { t: Math.min(Math.max(t, 0), farthest), u: Math.min(Math.max(u, 0), 1) };
}
