import geodesic from 'geographiclib-geodesic';
import type { Geometry, Position } from 'geojson';
import type { Geos } from '../../geometry-codecs/worker.js';
import { edgeLengthBound } from './geodesic/degree-lengths.js';
import { geodesicBuffer } from './geodesic/geodesic-buffer.js';
import { groundDistance, measureOnGround } from './geodesic/ground-measure.js';
import { drawnNear } from './geodesic/near-plane.js';
import { wrap } from './geodesic/projection.js';
import { unwrap } from './geodesic/unwrap.js';
import { Densifier, type Edge, planarLength, straight } from './operations/densify.js';
import { measureInPlane } from './operations/plane-measure.js';
import { thinnedOnGround } from './operations/simplify.js';
import { Neighbours } from './proximity/neighbours.js';
import { ofDimension } from './simplest-form.js';

const { Geodesic } = geodesic;

/** The calculations that works may use without being an operation. On the globe, lengths are metres. */
export const ground = {
  measureInPlane,
  measureOnGround,
  ofDimension,
  drawnNear,

  buffer(geos: Geos, geometry: Geometry, distance: number): Geometry | null {
    const grown = geodesicBuffer(geos, ground.asMeant(geos, geometry), { distance, segments: SEGMENTS });
    return grown === null ? null : geos.read(geos.orient(grown));
  },

  /** What jumps over the antimeridian, read the short way round. */
  asMeant(geos: Geos, geometry: Geometry): Geometry {
    const isBroken = (rings: Position[][]): boolean => !geos.isValid(geos.polygon(rings));
    return unwrap(geometry, isBroken).geometry;
  },

  /** The shortest way between two geometries; 0 where they meet. */
  distance(geos: Geos, [a, b]: [Geometry, Geometry], onGlobe: boolean): number {
    const [one, other] = [a, b].map((geometry) => ({ geometry, pointer: geos.write(geometry) }));
    const feature = { properties: null, geometry: a };
    return new Neighbours(geos, [{ ...one!, index: 0, feature }], onGlobe).nearest(other!, 1)[0]!.distance;
  },

  thin: (geos: Geos, geometry: Geometry, tolerance: number): Geometry | null =>
    thinnedOnGround(geos, geometry, (pointer) => geos.shapes.douglasPeucker(pointer, tolerance)),

  /** Vertices added until no edge is longer: along straight edges, measured in a plane or on the globe, or along geodesics. */
  densify(geometries: (Geometry | null)[], longest: number, edges: 'plane' | 'globe' | 'geodesic') {
    const cut =
      edges === 'geodesic'
        ? shortestWay(longest)
        : straight(edges === 'plane' ? planarLength : edgeLengthBound, longest);
    const densifier = new Densifier(cut);
    return geometries.map((geometry) => geometry && densifier.densify(geometry));
  },
};

/** Within 0.5 % of a circle. */
const SEGMENTS = 16;

const shortestWay =
  (longest: number) =>
  (from: Position, to: Position): Edge => {
    const length = groundDistance(from, to);
    const parts = Math.ceil(length / longest);
    if (parts < 2) return { parts, at: () => to };
    const line = Geodesic.WGS84.InverseLine(from[1]!, from[0]!, to[1]!, to[0]!);
    const at = (part: number): Position => {
      const t = part / parts;
      const { lat2, lon2 } = line.Position(length * t);
      const others = from.slice(2).map((value, index) => value + (to[index + 2]! - value) * t);
      return [wrap(lon2!), lat2!, ...others];
    };
    return { parts, at };
  };
