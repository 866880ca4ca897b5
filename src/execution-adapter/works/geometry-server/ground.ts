import type { Geometry } from 'geojson';
import type { Geos, Pointer } from '../../../geometry-codecs/worker.js';

interface Measure {
  area: number;
  /** Of lines. */
  length: number;
  /** Of areas. */
  perimeter: number;
}

/** What the geometry service needs to have calculated beyond its engine. On the globe, lengths are metres. */
export interface Ground {
  measureInPlane(geometry: Geometry): Measure;
  measureOnGround(geometry: Geometry): Measure;
  /** The parts of a geometry that have as many dimensions as the model's largest; null if there are none. */
  ofDimension(geometry: Geometry, model: Geometry): Geometry | null;
  /** Of longitude and latitude. */
  buffer(geos: Geos, geometry: Geometry, distance: number): Geometry | null;
  /** What is drawn about longitude and latitude in a plane true to the ground; undefined where one plane does not do. */
  drawnNear(
    geos: Geos,
    geometry: Geometry,
    how: { distance: number; draw: (pointer: Pointer) => Pointer },
  ): Geometry | null | undefined;
  /** What jumps over the antimeridian, read the short way round. */
  asMeant(geos: Geos, geometry: Geometry): Geometry;
  distance(geos: Geos, both: [Geometry, Geometry], onGlobe: boolean): number;
  /** Of longitude and latitude. */
  thin(geos: Geos, geometry: Geometry, tolerance: number): Geometry | null;
  densify(
    geometries: (Geometry | null)[],
    longest: number,
    edges: 'plane' | 'globe' | 'geodesic',
  ): (Geometry | null)[];
}
