import type { Position } from 'geojson';
import { Coverages } from './coverages.js';
import { GeosArena } from './geos-arena.js';
import { GeosError } from './geos-error.js';
import { GeosHeap, type Pointer } from './heap.js';
import { Linework } from './linework.js';
import { ShapeMakers } from './shape-makers.js';

export type RepairMethod = 'structure' | 'linework';

export interface BufferStyle {
  distance: number;
  /** Segments per quarter circle. */
  segments: number;
}

const GEOMETRY_COLLECTION = 7;

/** Where and why a geometry is invalid. */
export interface Invalidity {
  reason: string;
  /** Null where the fault is in no single place. */
  at: Position | null;
}

/** The operations this service takes from GEOS, on heap geometries. */
export class Geos extends GeosArena {
  readonly shapes = new ShapeMakers(this);
  readonly lines = new Linework(this);
  readonly coverages = new Coverages(this);

  static async start(module?: WebAssembly.Module): Promise<Geos> {
    return new Geos(await GeosHeap.start(module));
  }

  isValid(geometry: Pointer): boolean {
    return this.ask('isValid', geometry);
  }

  /** The geometry itself if it is valid, else a repaired copy. */
  valid(geometry: Pointer): Pointer {
    return this.isValid(geometry) ? geometry : this.makeValid(geometry, 'structure');
  }

  /** Why a geometry is invalid; undefined if it is not. */
  invalidity(geometry: Pointer): Invalidity | undefined {
    const { raw, context, heap } = this;
    const out = heap.allocate(8);
    raw.HEAPU32.fill(0, out >> 2, (out >> 2) + 2);
    try {
      const valid = heap.predicate(raw._GEOSisValidDetail_r!(context, geometry, 0, out, out + 4));
      const [text, place] = [raw.HEAPU32[out >> 2]!, raw.HEAPU32[(out + 4) >> 2]!];
      const reason = text === 0 ? '' : raw.UTF8ToString(text);
      if (text !== 0) raw._GEOSFree_r!(context, text);
      const point = place === 0 ? null : this.read(this.own(place));
      if (valid) return undefined;
      return { reason, at: point?.type === 'Point' ? point.coordinates : null };
    } finally {
      raw._free!(out);
    }
  }

  isEmpty(geometry: Pointer): boolean {
    return this.ask('isEmpty', geometry);
  }

  intersects(a: Pointer, b: Pointer): boolean {
    return this.ask('Intersects', a, b);
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
    return this.make('Buffer', geometry, distance, segments);
  }

  /** The union of all members of a geometry, overlaps dissolved. */
  unaryUnion(geometry: Pointer): Pointer {
    return this.make('UnaryUnion', geometry);
  }

  union(a: Pointer, b: Pointer): Pointer {
    return this.make('Union', a, b);
  }

  intersection(a: Pointer, b: Pointer): Pointer {
    return this.make('Intersection', a, b);
  }

  difference(a: Pointer, b: Pointer): Pointer {
    return this.make('Difference', a, b);
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

  private get raw() {
    return this.heap.raw;
  }

  private get context(): number {
    return this.heap.context;
  }
}
