import type { Geometry } from 'geojson';
import type { GeosHeap, Pointer } from './heap.js';
import { HeapReader } from './heap-reader.js';
import { HeapWriter } from './heap-writer.js';

/**
 * Geometries in the heap and who frees them. Every geometry an operation gives back belongs to the arena it was asked
 * in and is freed with it, whatever happens.
 */
export class GeosArena {
  private readonly writer: HeapWriter;
  private readonly reader: HeapReader;
  private owned: Pointer[] = [];
  private prepared: Pointer[] = [];

  constructor(readonly heap: GeosHeap) {
    this.writer = new HeapWriter(heap);
    this.reader = new HeapReader(heap);
  }

  /** Runs work and frees every geometry it made. Arenas nest. */
  arena<T>(work: () => T): T {
    const [owned, prepared] = [this.owned, this.prepared];
    this.owned = [];
    this.prepared = [];
    try {
      return work();
    } finally {
      // A prepared geometry refers to the one it was made of.
      for (const pointer of this.prepared)
        this.heap.raw._GEOSPreparedGeom_destroy_r!(this.heap.context, pointer);
      for (const pointer of this.owned) this.heap.free(pointer);
      this.owned = owned;
      this.prepared = prepared;
    }
  }

  write(geometry: Geometry): Pointer {
    return this.own(this.writer.write(geometry));
  }

  read(geometry: Pointer): Geometry | null {
    return this.reader.read(geometry);
  }

  /** Non-empty members of a collection, or the geometry itself; they stay their parent's. */
  parts(geometry: Pointer): Pointer[] {
    return this.reader.parts(geometry);
  }

  own(pointer: Pointer): Pointer {
    this.owned.push(this.heap.checked(pointer));
    return pointer;
  }

  /** Calls `GEOS<name>_r` for the geometry it gives back. */
  make(name: string, ...parameters: number[]): Pointer {
    return this.own(this.heap.raw[`_GEOS${name}_r`]!(this.heap.context, ...parameters));
  }

  /** Calls `GEOS<name>_r` for the yes or no it gives back. */
  ask(name: string, ...parameters: number[]): boolean {
    return this.heap.predicate(this.heap.raw[`_GEOS${name}_r`]!(this.heap.context, ...parameters));
  }

  /** Readies a geometry for many predicates; its index is built at the first of them. */
  prepare(geometry: Pointer): Pointer {
    const pointer = this.heap.checked(this.heap.raw._GEOSPrepare_r!(this.heap.context, geometry));
    this.prepared.push(pointer);
    return pointer;
  }
}
