import type { Position } from 'geojson';
import { AppError } from '../../../shared/app-error.js';
import { EARTH_RADIUS, type LocalProjection, RADIANS, wrap } from './projection.js';

/** More than this from one request is no map any more. */
const MOST_VERTICES = 5_000_000;
const DEEPEST_SPLIT = 24;

/**
 * How straight edges are carried between the globe and a plane. An edge of GeoJSON is straight in longitude and
 * latitude, an edge of a buffer in the plane is straight there; both are given extra vertices until the two differ by
 * no more than the tolerance.
 */
export class EdgeMapper {
  private vertices = 0;

  constructor(
    private readonly projection: LocalProjection,
    /** Metres. */
    private readonly tolerance: number,
    /** Largest distance from the projection's centre, in metres. */
    private readonly reach: number,
  ) {}

  /** A line of positions into the plane. */
  toPlane(line: Position[]): Position[] {
    const { projection } = this;
    const out: Position[] = [];
    line.forEach((to, index) => {
      if (index > 0) {
        const from = line[index - 1]!;
        const pieces = Math.ceil(Math.sqrt(this.deviation(from, to, to[0]! - from[0]!) / this.tolerance));
        for (let i = 1; i < pieces; i++) {
          const t = i / pieces;
          out.push(
            projection.forward(from[0]! + (to[0]! - from[0]!) * t, from[1]! + (to[1]! - from[1]!) * t),
          );
        }
        this.count(pieces);
      }
      out.push(projection.forward(to[0]!, to[1]!));
    });
    return out;
  }

  /**
   * A closed ring of the plane to positions whose longitudes run on without jumps. `turns` is the sum of the way
   * round: ±360 where the ring encloses a pole, else 0; the last position repeats the first, that many degrees on.
   */
  toGlobe(ring: Position[]): { positions: Position[]; turns: number } {
    const positions = this.lineToGlobe(ring);
    const first = positions[0]!;
    const last = positions[positions.length - 1]!;
    const turns = 360 * Math.round((last[0]! - first[0]!) / 360);
    positions[positions.length - 1] = [first[0]! + turns, first[1]!];
    return { positions, turns };
  }

  /** A line of the plane to positions whose longitudes run on without jumps. */
  lineToGlobe(line: Position[]): Position[] {
    const positions = [this.projection.inverse(line[0]![0]!, line[0]![1]!) as Position];
    for (let i = 1; i < line.length; i++) this.split(line[i - 1]!, line[i]!, positions);
    return positions;
  }

  /** Adds the end of a plane edge, and before it as many points of the edge as are needed. */
  private split(from: Position, to: Position, out: Position[], depth = 0): void {
    const start = out[out.length - 1]!;
    const end = this.projection.inverse(to[0]!, to[1]!) as Position;
    const deltaLon = wrap(end[0]! - start[0]!);
    if (depth < DEEPEST_SPLIT && this.deviation(start, end, deltaLon) > this.tolerance) {
      const middle = [(from[0]! + to[0]!) / 2, (from[1]! + to[1]!) / 2];
      this.split(from, middle, out, depth + 1);
      this.split(middle, to, out, depth + 1);
      return;
    }
    this.count(1);
    out.push([start[0]! + deltaLon, end[1]!]);
  }

  /**
   * Bound in metres on how far the straight edge on the globe's graticule is from the straight edge in the plane, by
   * the curvature of either: the second derivative of the path over eight.
   */
  private deviation(from: Position, to: Position, deltaLon: number): number {
    const dLon = Math.abs(deltaLon) * RADIANS;
    const dLat = Math.abs(to[1]! - from[1]!) * RADIANS;
    const cos = Math.cos(Math.min(Math.abs(from[1]!), Math.abs(to[1]!)) * RADIANS);
    const onGraticule = EARTH_RADIUS * dLon * (2 * dLat + dLon * cos);
    const inPlane = this.reach * (dLat * dLat + dLon * dLon * cos * cos);
    return (onGraticule + inPlane) / 8;
  }

  private count(more: number): void {
    this.vertices += more;
    if (this.vertices > MOST_VERTICES) {
      throw new AppError(
        'too-large',
        'distance-too-small',
        'The distance is too small for edges this long: the result would have too many vertices.',
      );
    }
  }
}
