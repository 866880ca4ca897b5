import type { Position } from 'geojson';
import type { GeosArena } from './geos-arena.js';
import type { Pointer } from './heap.js';

export interface Circle {
  center: Position;
  radius: number;
}

export interface CornerStyle {
  /** Segments per quarter circle. */
  segments: number;
  join: keyof typeof JOINS;
  /** How far a mitred corner may reach, in distances; beyond that it is cut. */
  mitreLimit: number;
}

const JOINS = { round: 1, mitre: 2, bevel: 3 };

/** Shapes that GEOS draws around, inside or instead of another, in the plane of its coordinates. */
export class ShapeMakers {
  constructor(private readonly geos: GeosArena) {}

  convexHull(geometry: Pointer): Pointer {
    return this.geos.make('ConvexHull', geometry);
  }

  /** `ratio`: 0 the tightest outline, 1 the convex hull. */
  concaveHull(geometry: Pointer, ratio: number, allowHoles: boolean): Pointer {
    return this.geos.make('ConcaveHull', geometry, ratio, allowHoles ? 1 : 0);
  }

  centroid(geometry: Pointer): Pointer {
    return this.geos.make('GetCentroid', geometry);
  }

  pointOnSurface(geometry: Pointer): Pointer {
    return this.geos.make('PointOnSurface', geometry);
  }

  /** Fewer vertices, none farther from the result than the tolerance; may leave something invalid. */
  douglasPeucker(geometry: Pointer, tolerance: number): Pointer {
    return this.geos.make('Simplify', geometry, tolerance);
  }

  /** The same, but what was valid stays valid and no part vanishes. */
  simplifyPreservingTopology(geometry: Pointer, tolerance: number): Pointer {
    return this.geos.make('TopologyPreserveSimplify', geometry, tolerance);
  }

  /** The lines around areas, the ends of lines. */
  boundary(geometry: Pointer): Pointer {
    return this.geos.make('Boundary', geometry);
  }

  /** A line beside a line, at its left where the distance is positive. */
  besideLine(line: Pointer, distance: number, corners: CornerStyle): Pointer {
    const { segments, join, mitreLimit } = corners;
    return this.geos.make('OffsetCurve', line, distance, segments, JOINS[join], mitreLimit);
  }

  /** An area grown, or shrunk where the distance is negative, with corners of a kind. */
  grown(area: Pointer, distance: number, corners: CornerStyle): Pointer {
    const { segments, join, mitreLimit } = corners;
    return this.geos.make('BufferWithStyle', area, distance, segments, 1, JOINS[join], mitreLimit);
  }

  /** Rounded to a grid of that size, with what rounding made invalid put right and what it collapsed left out. */
  snapToGrid(geometry: Pointer, size: number): Pointer {
    return this.geos.make('Geom_setPrecision', geometry, size, 0);
  }

  /** How many positions it has; those of closed rings count twice where they close. */
  vertices(geometry: Pointer): number {
    const { heap } = this.geos;
    const count = heap.raw._GEOSGetNumCoordinates_r!(heap.context, geometry);
    if (count === -1) throw heap.failure();
    return count;
  }

  /** Whether both are points, or lines, or areas. */
  isLikewise(one: Pointer, other: Pointer): boolean {
    const { heap } = this.geos;
    const dimensionOf = (geometry: Pointer): number => {
      const dimension = heap.raw._GEOSGeom_getDimensions_r!(heap.context, geometry);
      if (dimension === -1) throw heap.failure();
      return dimension;
    };
    return dimensionOf(one) === dimensionOf(other);
  }

  /** In square units of the coordinates. */
  area(geometry: Pointer): number {
    const { heap } = this.geos;
    const out = heap.reserve(8);
    if (heap.raw._GEOSArea_r!(heap.context, geometry, out) !== 1) throw heap.failure();
    return heap.raw.HEAPF64[out >> 3]!;
  }

  minimumBoundingCircle(geometry: Pointer): Circle {
    const { heap } = this.geos;
    const out = heap.reserve(16);
    this.geos.make('MinimumBoundingCircle', geometry, out, out + 8);
    const radius = heap.raw.HEAPF64[out >> 3]!;
    const center = this.geos.own(heap.raw.HEAPU32[(out + 8) >> 2]!);
    const point = this.geos.read(center);
    if (point?.type !== 'Point') throw heap.failure();
    return { center: point.coordinates, radius };
  }
}
