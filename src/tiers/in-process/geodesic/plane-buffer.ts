import type { Geometry, Position } from 'geojson';
import type { BufferStyle, Geos, Pointer } from '../../../geometry-codecs/worker.js';
import { closeOverPole, cutAtAntimeridian, isInsideWorld } from './antimeridian.js';
import { AzimuthalEquidistant } from './azimuthal-equidistant.js';
import { EdgeMapper } from './edges.js';
import type { Extent } from './extent.js';
import { EARTH_RADIUS } from './projection.js';
import { TransverseMercator } from './transverse-mercator.js';

/** Up to this far from its meridian the transverse Mercator's scale is off by no more than 0.2 %, 0.1 % corrected. */
const MERCATOR_REACH = 400_000;
/** A buffer's edge leaves its true place by this part of the distance at most when it is carried over. */
const RELATIVE_TOLERANCE = 0.0015;
const SMALLEST_TOLERANCE = 0.001;

/** Shapes of one neighbourhood, ready to be buffered in one plane. */
export interface Neighbourhood {
  extent: Extent;
  points: Position[];
  lines: Position[][];
  polygons: Position[][][];
}

/** Buffers a neighbourhood in a plane of its own; the pieces are in degrees, cut at the antimeridian. */
export function bufferInPlane(
  geos: Geos,
  { extent, points, lines, polygons }: Neighbourhood,
  style: BufferStyle,
): Pointer[] {
  const { lon, lat, radius } = extent;
  const distance = Math.abs(style.distance);
  const reach = radius + distance;
  const mercator = reach <= MERCATOR_REACH;
  const projection = mercator ? new TransverseMercator(lon, lat) : new AzimuthalEquidistant(lon, lat);
  const tolerance = Math.max(distance * RELATIVE_TOLERANCE, SMALLEST_TOLERANCE);
  const mapper = new EdgeMapper(projection, tolerance, reach);
  // Half of the largest scale error, so that what remains lies on both sides of the true distance.
  const scale = 1 + (mercator ? (reach / EARTH_RADIUS) ** 2 / 4 : (radius / EARTH_RADIUS) ** 2 / 12);
  const geometries: Geometry[] = [
    ...points.map(([lon, lat]): Geometry => ({ type: 'Point', coordinates: projection.forward(lon!, lat!) })),
    ...lines
      .flatMap(opened)
      .map((line): Geometry => ({ type: 'LineString', coordinates: mapper.toPlane(line) })),
    ...polygons.map((rings): Geometry => ({
      type: 'Polygon',
      coordinates: rings.map((ring) => mapper.toPlane(ring)),
    })),
  ];
  const plane = geos.write(
    geometries.length === 1 ? geometries[0]! : { type: 'GeometryCollection', geometries },
  );
  const buffered = geos.read(geos.buffer(plane, { ...style, distance: style.distance * scale }));
  return buffered ? toGlobe(geos, polygonsOf(buffered), mapper, lat >= 0) : [];
}

/** GEOS leaves a hole in the buffer of a small closed line, along the line itself; of two open halves it does not. */
function opened(line: Position[]): Position[][] {
  const [first, last] = [line[0]!, line[line.length - 1]!];
  if (line.length < 4 || first[0] !== last[0] || first[1] !== last[1]) return [line];
  const middle = line.length >> 1;
  return [line.slice(0, middle + 1), line.slice(middle)];
}

const polygonsOf = (geometry: Geometry): Position[][][] =>
  geometry.type === 'Polygon'
    ? [geometry.coordinates]
    : geometry.type === 'MultiPolygon'
      ? geometry.coordinates
      : [];

/** Polygons of the plane on the globe: those that need no cut together, the others each for itself. */
function toGlobe(geos: Geos, polygons: Position[][][], mapper: EdgeMapper, north: boolean): Pointer[] {
  const plain: Position[][][] = [];
  const cut: Pointer[] = [];
  for (const rings of polygons) {
    const onGlobe = rings.map((ring) => mapper.toGlobe(ring));
    if (onGlobe.every(({ positions, turns }) => turns === 0 && isInsideWorld(positions))) {
      plain.push(onGlobe.map(({ positions }) => positions));
      continue;
    }
    // Rings may start in different turns of the globe, so each is cut by itself before the holes are taken out.
    const [shell, ...holes] = onGlobe.map((ring) =>
      geos.valid(cutAtAntimeridian(geos, [closeOverPole(ring, north)])),
    );
    cut.push(holes.length === 0 ? shell! : geos.difference(shell!, geos.unaryUnion(geos.collect(holes))));
  }
  if (plain.length === 0) return cut;
  const together: Geometry =
    plain.length === 1
      ? { type: 'Polygon', coordinates: plain[0]! }
      : { type: 'MultiPolygon', coordinates: plain };
  return [geos.valid(geos.write(together)), ...cut];
}
