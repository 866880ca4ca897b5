import type { GeosArena } from './geos-arena.js';
import type { Pointer } from './heap.js';

/** What lines enclose, and the lines that enclose nothing. */
export interface Faces {
  polygons: Pointer;
  /** Lines that both sides of belong to the same face: bridges between rings. */
  cuts: Pointer;
  /** Lines with a loose end. */
  dangles: Pointer;
  /** Closed lines that make no valid ring. */
  invalid: Pointer;
}

export class Linework {
  constructor(private readonly geos: GeosArena) {}

  /** Lines sewn together where exactly two meet; `directed` keeps to the way they were drawn. */
  merge(lines: Pointer, directed: boolean): Pointer {
    return this.geos.make(directed ? 'LineMergeDirected' : 'LineMerge', lines);
  }

  /** Lines must already be split where they cross. */
  polygonize(lines: Pointer): Faces {
    const { heap } = this.geos;
    const out = heap.allocate(12);
    try {
      const polygons = this.geos.make('Polygonize_full', lines, out, out + 4, out + 8);
      const [cuts, dangles, invalid] = [0, 4, 8].map((at) =>
        this.geos.own(heap.raw.HEAPU32[(out + at) >> 2]!),
      ) as [Pointer, Pointer, Pointer];
      return { polygons, cuts, dangles, invalid };
    } finally {
      heap.raw._free!(out);
    }
  }
}
