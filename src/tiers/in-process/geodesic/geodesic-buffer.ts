import type { Geometry } from 'geojson';
import type { BufferStyle, Geos, Pointer } from '../../../geometry-codecs/worker.js';
import { AppError } from '../../../shared/app-error.js';
import { cutAtAntimeridian } from './antimeridian.js';
import { divide, divideOutlines } from './neighbourhoods.js';
import { bufferInPlane, type Neighbourhood } from './plane-buffer.js';
import { withoutSeams } from './seams.js';
import { type Area, shapesOf } from './shapes.js';

/** Beyond this a buffer could hold both poles or its own antipode. */
export const LARGEST_DISTANCE = 5_000_000;

/**
 * A buffer of so many metres on the ground around a geometry in longitude and latitude. Edges are straight in
 * longitude and latitude, as GeoJSON means them. Every vertex of the result lies within 0.5 % of the distance from the
 * geometry, cuts at the antimeridian and at a pole apart. A small geometry is buffered in one plane; of a large one the
 * outline is buffered piece by piece and added to the area, or taken off where the distance is negative.
 */
export function geodesicBuffer(geos: Geos, geometry: Geometry, style: BufferStyle): Pointer | null {
  if (Math.abs(style.distance) > LARGEST_DISTANCE) {
    throw new AppError(
      'invalid-input',
      'distance-too-large',
      `A distance on the globe is at most ${LARGEST_DISTANCE / 1000} km.`,
    );
  }
  const shapes = shapesOf(geometry);
  const { areas, hadSeams } = withoutSeams(shapes.areas);
  if (style.distance < 0) return shrink(geos, areas, hadSeams, style);
  const { neighbourhoods, largeAreas } = divide({ ...shapes, areas });
  const pieces = [
    ...largeAreas.map(({ rings }) => cutToWorld(geos, rings)),
    ...bufferAll(geos, neighbourhoods, style),
  ];
  return merge(geos, pieces);
}

/** Only areas can shrink; points and lines vanish. */
function shrink(geos: Geos, areas: Area[], hadSeams: boolean, style: BufferStyle): Pointer | null {
  if (areas.length === 0) return null;
  const { neighbourhoods, largeAreas } = divide({ points: [], lines: [], areas });
  // In a plane a cut is a border like any other, so areas with cuts lose a strip along their true outline instead.
  const strips = hadSeams ? areas : largeAreas;
  const inPlanes = hadSeams
    ? []
    : neighbourhoods
        .filter(({ polygons }) => polygons.length > 0)
        .map(({ extent, polygons }) => ({ extent, points: [], lines: [], polygons }));
  const pieces = bufferAll(geos, inPlanes, style);
  if (strips.length > 0) {
    const whole = merge(
      geos,
      strips.map(({ rings }) => cutToWorld(geos, rings)),
    )!;
    const strip = merge(
      geos,
      bufferAll(geos, divideOutlines(strips), { ...style, distance: -style.distance }),
    );
    pieces.push(strip === null ? whole : geos.difference(whole, strip));
  }
  return merge(geos, pieces);
}

const cutToWorld = (geos: Geos, rings: Area['rings']): Pointer => geos.valid(cutAtAntimeridian(geos, rings));

const bufferAll = (geos: Geos, neighbourhoods: Neighbourhood[], style: BufferStyle): Pointer[] =>
  neighbourhoods.flatMap((one) => bufferInPlane(geos, one, style));

/** One piece stays as it is, several are dissolved. Null if nothing is left. */
function merge(geos: Geos, pieces: Pointer[]): Pointer | null {
  const left = pieces.filter((piece) => !geos.isEmpty(piece));
  if (left.length === 0) return null;
  return left.length === 1 ? left[0]! : geos.unaryUnion(geos.collect(left));
}
