import type { GeosArena } from './geos-arena.js';
import type { Pointer } from './heap.js';

export type Predicate = 'intersects' | 'contains' | 'within' | 'touches' | 'crosses' | 'overlaps' | 'equals';

/** What a prepared B is asked so that it answers for A: "A contains B" is "B within A". */
const MIRRORED: Record<Exclude<Predicate, 'equals'>, string> = {
  intersects: 'PreparedIntersects',
  contains: 'PreparedWithin',
  within: 'PreparedContains',
  touches: 'PreparedTouches',
  crosses: 'PreparedCrosses',
  overlaps: 'PreparedOverlaps',
};

/** One geometry that many others are held against. */
export class PreparedOther {
  private readonly prepared: Pointer;

  /** Belongs to the present arena. */
  constructor(
    private readonly geos: GeosArena,
    private readonly other: Pointer,
  ) {
    this.prepared = geos.prepare(other);
  }

  /** Whether the predicate holds from the geometry to this one: `within` asks if the geometry lies within this. */
  holds(predicate: Predicate, geometry: Pointer): boolean {
    return predicate === 'equals'
      ? this.geos.ask('Equals', geometry, this.other)
      : this.geos.ask(MIRRORED[predicate], this.prepared, geometry);
  }

  covers(geometry: Pointer): boolean {
    return this.geos.ask('PreparedCovers', this.prepared, geometry);
  }
}

/** Whether two geometries are related as a DE-9IM pattern of nine characters (T, F, *, 0, 1, 2) says. */
export function relates(geos: GeosArena, [a, b]: [Pointer, Pointer], pattern: string): boolean {
  const { heap } = geos;
  const bytes = Buffer.from(`${pattern}\0`, 'latin1');
  const text = heap.allocate(bytes.length);
  try {
    heap.raw.HEAPU8.set(bytes, text);
    return geos.ask('RelatePattern', a, b, text);
  } finally {
    heap.raw._free!(text);
  }
}
