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
