import type { Geometry, Position } from 'geojson';
import { GeosError } from './geos-error.js';
import { GeosHeap, type Pointer } from './heap.js';
import { HeapReader } from './heap-reader.js';
import { HeapWriter } from './heap-writer.js';

export type RepairMethod = 'structure' | 'linework';

export interface BufferStyle {
  distance: number;
  /** Segments per quarter circle. */
  segments: number;
}

const GEOMETRY_COLLECTION = 7;

/**
 * The operations this service takes from GEOS, on heap geometries. Every geometry an operation gives back belongs to
 * the arena it was asked in and is freed with it, whatever happens.
 */
export class Geos {
  private readonly writer: HeapWriter;
  private readonly reader: HeapReader;
  private owned: Pointer[] = [];

  private constructor(readonly heap: GeosHeap) {
    this.writer = new HeapWriter(heap);
    this.reader = new HeapReader(heap);
  }

  static async start(module?: WebAssembly.Module): Promise<Geos> {
    return new Geos(await GeosHeap.start(module));
  }

  /** Runs work and frees every geometry it made. Arenas nest. */
  arena<T>(work: () => T): T {
    const outer = this.owned;
    this.owned = [];
    try {
      return work();
    } finally {
      for (const pointer of this.owned) this.heap.free(pointer);
      this.owned = outer;
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

  isValid(geometry: Pointer): boolean {
    return this.heap.predicate(this.raw._GEOSisValid_r!(this.context, geometry));
  }

  /** The geometry itself if it is valid, else a repaired copy. */
  valid(geometry: Pointer): Pointer {
    return this.isValid(geometry) ? geometry : this.makeValid(geometry, 'structure');
  }

  /** Why a geometry is invalid, in words and with the place. */
  invalidReason(geometry: Pointer): string {
    const text = this.heap.checked(this.raw._GEOSisValidReason_r!(this.context, geometry));
    const reason = this.raw.UTF8ToString(text);
    this.raw._GEOSFree_r!(this.context, text);
    return reason;
  }

  isEmpty(geometry: Pointer): boolean {
    return this.heap.predicate(this.raw._GEOSisEmpty_r!(this.context, geometry));
  }

  intersects(a: Pointer, b: Pointer): boolean {
    return this.heap.predicate(this.raw._GEOSIntersects_r!(this.context, a, b));
  }

  /**
   * A valid geometry made of an invalid one. GEOS's structure method may fail or give something invalid again on
   * tangled rings; then the lines decide. Throws GeosError if nothing helps.
   */
  makeValid(geometry: Pointer, method: RepairMethod): Pointer {
    const repaired = this.tryToRepair(geometry, method);
    if (repaired !== undefined && this.isValid(repaired)) return repaired;
    for (const again of repaired === undefined ? [geometry] : [repaired, geometry]) {
      const second = this.tryToRepair(again, 'linework');
      if (second !== undefined && this.isValid(second)) return second;
    }
    throw new GeosError('an invalid geometry cannot be repaired');
  }

  private tryToRepair(geometry: Pointer, method: RepairMethod): Pointer | undefined {
    const { raw, context, heap } = this;
    const parameters = heap.checked(raw._GEOSMakeValidParams_create_r!(context));
    raw._GEOSMakeValidParams_setMethod_r!(context, parameters, method === 'structure' ? 1 : 0);
    raw._GEOSMakeValidParams_setKeepCollapsed_r!(context, parameters, 0);
    const repaired = raw._GEOSMakeValidWithParams_r!(context, geometry, parameters);
    raw._GEOSMakeValidParams_destroy_r!(context, parameters);
    if (repaired !== 0) return this.own(repaired);
    const failure = heap.failure();
    if (failure instanceof GeosError) return undefined;
    throw failure;
  }

  buffer(geometry: Pointer, { distance, segments }: BufferStyle): Pointer {
    return this.own(this.raw._GEOSBuffer_r!(this.context, geometry, distance, segments));
  }

  /** The union of all members of a geometry, overlaps dissolved. */
  unaryUnion(geometry: Pointer): Pointer {
    return this.own(this.raw._GEOSUnaryUnion_r!(this.context, geometry));
  }

  union(a: Pointer, b: Pointer): Pointer {
    return this.own(this.raw._GEOSUnion_r!(this.context, a, b));
  }

  intersection(a: Pointer, b: Pointer): Pointer {
    return this.own(this.raw._GEOSIntersection_r!(this.context, a, b));
  }

  difference(a: Pointer, b: Pointer): Pointer {
    return this.own(this.raw._GEOSDifference_r!(this.context, a, b));
  }

  /** Turns every shell counter-clockwise and every hole clockwise, as RFC 7946 asks; in place. */
  orient(geometry: Pointer): Pointer {
    if (this.raw._GEOSOrientPolygons_r!(this.context, geometry, 0) === -1) throw this.heap.failure();
    return geometry;
  }

  /** One collection of copies; the originals stay. */
  collect(members: Pointer[]): Pointer {
    const { raw, context, heap } = this;
    const list = heap.allocate(members.length * 4);
    const copies: Pointer[] = [];
    try {
      for (const member of members) copies.push(heap.checked(raw._GEOSGeom_clone_r!(context, member)));
      raw.HEAPU32.set(copies, list >> 2);
      return this.own(
        raw._GEOSGeom_createCollection_r!(context, GEOMETRY_COLLECTION, list, copies.splice(0).length),
      );
    } finally {
      for (const copy of copies) heap.free(copy);
      raw._free!(list);
    }
  }

  polygon(rings: Position[][]): Pointer {
    return this.write({ type: 'Polygon', coordinates: rings });
  }

  private own(pointer: Pointer): Pointer {
    this.owned.push(this.heap.checked(pointer));
    return pointer;
  }

  private get raw() {
    return this.heap.raw;
  }

  private get context(): number {
    return this.heap.context;
  }
}
