import type { Geometry } from 'geojson';
import type { Bounds } from '../geometry.js';

/** Geometry collections may hold collections, but not without end. */
const DEEPEST_COLLECTION = 8;

/** `too-many` is told apart, since it is answered differently. */
export interface GeometryFault {
  path: (string | number)[];
  message: string;
}

export class TooManyVertices extends Error {}

/**
 * Walks geometries once: structure, finite numbers, closed rings, ranges; counts vertices and bounds on the way. One
 * instance serves a whole request. Methods return what is wrong, and `at` says where.
 */
export class GeometryCheck {
  vertices = 0;
  private readonly bounds: Bounds = [Infinity, Infinity, -Infinity, -Infinity];
  /** 0 until the geometry's first position is seen. */
  private dimension = 0;
  private at: (string | number)[] = [];

  constructor(private readonly limits: { maxVertices: number; geographic: boolean }) {}

  /** The geometry, typed, if nothing is wrong with it. */
  check(value: unknown): { geometry: Geometry } | { fault: GeometryFault } {
    this.dimension = 0;
    this.at = [];
    const message = this.geometry(value, 0);
    return message ? { fault: { path: this.at, message } } : { geometry: value as Geometry };
  }

  get bbox(): Bounds | undefined {
    return this.vertices > 0 ? this.bounds : undefined;
  }

  private geometry(value: unknown, depth: number): string | undefined {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return 'must be a geometry object';
    const { type, coordinates, geometries } = value as {
      type?: unknown;
      coordinates?: unknown;
      geometries?: unknown;
    };
    if (type === 'GeometryCollection') return this.in('geometries', this.collection(geometries, depth));
    const walk = typeof type === 'string' && Object.hasOwn(WALKS, type) ? WALKS[type]! : undefined;
    if (!walk) return this.in('type', 'is no type of geometry');
    if (!Array.isArray(coordinates)) return this.in('coordinates', 'must be an array');
    return this.in('coordinates', walk(this, coordinates));
  }

  private collection(value: unknown, depth: number): string | undefined {
    if (!Array.isArray(value)) return 'must be an array of geometries';
    if (depth >= DEEPEST_COLLECTION) return 'geometry collections are nested too deeply';
    return this.each(value, (one) => this.geometry(one, depth + 1));
  }

  private in(step: string | number, message: string | undefined): string | undefined {
    if (message) this.at.unshift(step);
    return message;
  }

  each(list: unknown[], check: (one: unknown) => string | undefined): string | undefined {
    for (let i = 0; i < list.length; i++) {
      const message = check(list[i]);
      if (message) return this.in(i, message);
    }
    return undefined;
  }

  position(value: unknown): string | undefined {
    if (!Array.isArray(value)) return 'must be a position, an array of numbers';
    const n = value.length;
    if (n < 2) return n === 0 ? 'is empty; send a null geometry instead' : 'needs at least two numbers';
    if (n > 3) return 'has more than three numbers; only longitude, latitude and height are taken';
    if (this.dimension === 0) this.dimension = n;
    else if (n !== this.dimension) return 'mixes positions with and without height';
    for (let i = 0; i < n; i++) {
      if (typeof value[i] !== 'number') return this.in(i, 'must be a number');
      if (!Number.isFinite(value[i])) return this.in(i, 'must be a finite number');
    }
    const [x, y] = value as [number, number];
    if (this.limits.geographic && (y > 90 || y < -90))
      return this.in(1, 'a latitude lies between -90 and 90');
    this.count(x, y);
    return undefined;
  }

  private count(x: number, y: number): void {
    if (++this.vertices > this.limits.maxVertices) throw new TooManyVertices();
    const { bounds } = this;
    if (x < bounds[0]) bounds[0] = x;
    if (y < bounds[1]) bounds[1] = y;
    if (x > bounds[2]) bounds[2] = x;
    if (y > bounds[3]) bounds[3] = y;
  }

  positions(value: unknown, atLeast: number, what: string): string | undefined {
    if (!Array.isArray(value)) return 'must be an array of positions';
    if (value.length === 0) return `is empty; ${what} needs at least ${atLeast} positions`;
    for (let i = 0; i < value.length; i++) {
      const message = this.position(value[i]);
      if (message) return this.in(i, message);
    }
    return value.length < atLeast ? `${what} needs at least ${atLeast} positions` : undefined;
  }

  ring(value: unknown): string | undefined {
    const message = this.positions(value, 4, 'a ring');
    if (message) return message;
    const ring = value as number[][];
    const [first, last] = [ring[0]!, ring[ring.length - 1]!];
    const closed = first[0] === last[0] && first[1] === last[1] && first[2] === last[2];
    return closed ? undefined : 'the ring is not closed: its last position must equal its first';
  }

  polygon(value: unknown): string | undefined {
    if (!Array.isArray(value)) return 'must be an array of rings';
    return value.length === 0
      ? 'is empty; a polygon needs a ring'
      : this.each(value, (ring) => this.ring(ring));
  }

  many(list: unknown[], check: (one: unknown) => string | undefined): string | undefined {
    return list.length === 0 ? 'is empty; send a null geometry instead' : this.each(list, check);
  }
}

const WALKS: Record<string, (check: GeometryCheck, coordinates: unknown[]) => string | undefined> = {
  Point: (check, value) => check.position(value),
  LineString: (check, value) => check.positions(value, 2, 'a line'),
  Polygon: (check, value) => check.polygon(value),
  MultiPoint: (check, value) => check.many(value, (one) => check.position(one)),
  MultiLineString: (check, value) => check.many(value, (one) => check.positions(one, 2, 'a line')),
  MultiPolygon: (check, value) => check.many(value, (one) => check.polygon(one)),
};

/** Which kinds of shape a geometry holds. */
export function shapeKinds(
  geometry: Geometry,
  into = new Set<'point' | 'line' | 'polygon'>(),
): Set<'point' | 'line' | 'polygon'> {
  if (geometry.type === 'GeometryCollection') {
    for (const one of geometry.geometries) shapeKinds(one, into);
  } else if (geometry.type.endsWith('Point')) into.add('point');
  else if (geometry.type.endsWith('LineString')) into.add('line');
  else into.add('polygon');
  return into;
}
