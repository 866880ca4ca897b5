import type { Geometry, Position } from 'geojson';
import type { GeosHeap, Pointer } from './heap.js';

const COLLECTION_TYPE = {
  MultiPoint: 4,
  MultiLineString: 5,
  MultiPolygon: 6,
  GeometryCollection: 7,
} as const;

/**
 * GeoJSON geometry into the heap, coordinates written straight into it. Parts that are not yet adopted by a parent are
 * kept on a stack, so that nothing is left behind when a step fails; a failing constructor has already freed its parts.
 */
export class HeapWriter {
  private readonly loose: Pointer[] = [];

  constructor(private readonly heap: GeosHeap) {}

  /** The caller frees the result. Throws GeosError, GeosOutOfMemory. */
  write(geometry: Geometry): Pointer {
    try {
      this.build(geometry);
      return this.loose.pop()!;
    } finally {
      for (const pointer of this.loose.splice(0)) this.heap.free(pointer);
    }
  }

  private build(geometry: Geometry): void {
    const { raw, context } = this.heap;
    switch (geometry.type) {
      case 'Point':
        return this.push(raw._GEOSGeom_createPoint_r!(context, this.sequence([geometry.coordinates])));
      case 'LineString':
        return this.push(raw._GEOSGeom_createLineString_r!(context, this.sequence(geometry.coordinates)));
      case 'Polygon':
        return this.polygon(geometry.coordinates);
      case 'MultiPoint':
        return this.collect(geometry.type, geometry.coordinates, (coordinates) =>
          this.build({ type: 'Point', coordinates }),
        );
      case 'MultiLineString':
        return this.collect(geometry.type, geometry.coordinates, (coordinates) =>
          this.build({ type: 'LineString', coordinates }),
        );
      case 'MultiPolygon':
        return this.collect(geometry.type, geometry.coordinates, (coordinates) => this.polygon(coordinates));
      case 'GeometryCollection':
        return this.collect(geometry.type, geometry.geometries, (one) => this.build(one));
    }
  }

  private push(pointer: Pointer): void {
    this.loose.push(this.heap.checked(pointer));
  }

  private sequence(positions: Position[]): Pointer {
    const { heap } = this;
    const hasZ = positions[0]!.length > 2;
    const scratch = heap.reserve(positions.length * (hasZ ? 24 : 16));
    const ordinates = heap.raw.HEAPF64;
    let at = scratch >> 3;
    for (const position of positions) {
      ordinates[at++] = position[0]!;
      ordinates[at++] = position[1]!;
      if (hasZ) ordinates[at++] = position[2]!;
    }
    return heap.checked(
      heap.raw._GEOSCoordSeq_copyFromBuffer_r!(heap.context, scratch, positions.length, hasZ ? 1 : 0, 0),
    );
  }

  private polygon(rings: Position[][]): void {
    const { raw, context } = this.heap;
    const base = this.loose.length;
    for (const ring of rings) this.push(raw._GEOSGeom_createLinearRing_r!(context, this.sequence(ring)));
    const [shell, ...holes] = this.loose.slice(base) as [Pointer, ...Pointer[]];
    this.adopt(base, holes, (list) => raw._GEOSGeom_createPolygon_r!(context, shell, list, holes.length));
  }

  private collect<T>(type: keyof typeof COLLECTION_TYPE, members: T[], build: (member: T) => void): void {
    const { raw, context } = this.heap;
    const base = this.loose.length;
    for (const member of members) build(member);
    const parts = this.loose.slice(base);
    this.adopt(base, parts, (list) =>
      raw._GEOSGeom_createCollection_r!(context, COLLECTION_TYPE[type], list, parts.length),
    );
  }

  private adopt(base: number, parts: Pointer[], create: (list: Pointer) => Pointer): void {
    const list = this.heap.allocate(parts.length * 4);
    this.heap.raw.HEAPU32.set(parts, list >> 2);
    this.loose.length = base;
    const parent = create(list);
    this.heap.raw._free!(list);
    this.push(parent);
  }
}
