import type { Geometry, Position } from 'geojson';
import type { GeosHeap, Pointer } from './heap.js';

/** Heap geometry to GeoJSON. Empty parts are left out; a wholly empty geometry is null. */
export class HeapReader {
  private readonly count: Pointer;

  constructor(private readonly heap: GeosHeap) {
    this.count = heap.allocate(8);
  }

  read(geometry: Pointer): Geometry | null {
    const { raw, context } = this.heap;
    if (this.heap.predicate(raw._GEOSisEmpty_r!(context, geometry))) return null;
    switch (raw._GEOSGeomTypeId_r!(context, geometry)) {
      case 0:
        return { type: 'Point', coordinates: this.positions(geometry)[0]! };
      case 1:
      case 2:
        return { type: 'LineString', coordinates: this.positions(geometry) };
      case 3:
        return { type: 'Polygon', coordinates: this.rings(geometry) };
      case 4:
        return {
          type: 'MultiPoint',
          coordinates: this.parts(geometry).map((part) => this.positions(part)[0]!),
        };
      case 5:
        return {
          type: 'MultiLineString',
          coordinates: this.parts(geometry).map((part) => this.positions(part)),
        };
      case 6:
        return { type: 'MultiPolygon', coordinates: this.parts(geometry).map((part) => this.rings(part)) };
      case 7:
        return {
          type: 'GeometryCollection',
          geometries: this.parts(geometry).map((part) => this.read(part)!),
        };
      default:
        throw this.heap.failure();
    }
  }

  /** The non-empty members; they belong to their parent. */
  parts(geometry: Pointer): Pointer[] {
    const { raw, context } = this.heap;
    const members: Pointer[] = [];
    const count = raw._GEOSGetNumGeometries_r!(context, geometry);
    for (let i = 0; i < count; i++) {
      const member = this.heap.checked(raw._GEOSGetGeometryN_r!(context, geometry, i));
      if (!this.heap.predicate(raw._GEOSisEmpty_r!(context, member))) members.push(member);
    }
    return members;
  }

  private rings(polygon: Pointer): Position[][] {
    const { raw, context } = this.heap;
    const rings = [this.positions(this.heap.checked(raw._GEOSGetExteriorRing_r!(context, polygon)))];
    const holes = raw._GEOSGetNumInteriorRings_r!(context, polygon);
    for (let i = 0; i < holes; i++) {
      rings.push(this.positions(this.heap.checked(raw._GEOSGetInteriorRingN_r!(context, polygon, i))));
    }
    return rings;
  }

  private positions(geometry: Pointer): Position[] {
    const { heap } = this;
    const { raw, context } = heap;
    const sequence = heap.checked(raw._GEOSGeom_getCoordSeq_r!(context, geometry));
    if (raw._GEOSCoordSeq_getSize_r!(context, sequence, this.count) === 0) throw heap.failure();
    const size = raw.HEAPU32[this.count >> 2]!;
    const hasZ = raw._GEOSHasZ_r!(context, geometry) === 1;
    const scratch = heap.reserve(size * (hasZ ? 24 : 16));
    if (raw._GEOSCoordSeq_copyToBuffer_r!(context, sequence, scratch, hasZ ? 1 : 0, 0) === 0)
      throw heap.failure();
    const ordinates = raw.HEAPF64;
    let at = scratch >> 3;
    const positions: Position[] = [];
    for (let i = 0; i < size; i++) {
      const position = [ordinates[at++]!, ordinates[at++]!];
      if (hasZ) {
        const z = ordinates[at++]!;
        // A vertex made by an overlay may have no height of its own.
        if (!Number.isNaN(z)) position.push(z);
      }
      positions.push(position);
    }
    return positions;
  }
}
