import type { GeosArena } from './geos-arena.js';
import type { Pointer } from './heap.js';

/** Areas beside each other, as the members of one collection. */
export class Coverages {
  constructor(private readonly geos: GeosArena) {}

  /** Whether no areas overlap and neighbours have the same vertices along their common borders. */
  isValid(coverage: Pointer): boolean {
    const { heap } = this.geos;
    const invalid = heap.allocate(4);
    heap.raw.HEAPU32[invalid >> 2] = 0;
    try {
      const isValid = heap.predicate(heap.raw._GEOSCoverageIsValid_r!(heap.context, coverage, 0, invalid));
      const edges = heap.raw.HEAPU32[invalid >> 2]!;
      if (edges !== 0) this.geos.own(edges);
      return isValid;
    } finally {
      heap.raw._free!(invalid);
    }
  }

  /** By Visvalingam and Whyatt: vertices whose triangle with their neighbours is smaller than the square of the tolerance go. */
  simplify(coverage: Pointer, tolerance: number, keepOutline: boolean): Pointer {
    return this.geos.make('CoverageSimplifyVW', coverage, tolerance, keepOutline ? 1 : 0);
  }

  /** All members of a collection, empty ones too; they stay their parent's. */
  members(collection: Pointer): Pointer[] {
    const { heap } = this.geos;
    const count = heap.raw._GEOSGetNumGeometries_r!(heap.context, collection);
    return Array.from({ length: count }, (_, at) =>
      heap.checked(heap.raw._GEOSGetGeometryN_r!(heap.context, collection, at)),
    );
  }
}
