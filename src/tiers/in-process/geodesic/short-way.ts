import type { Geometry, Position } from 'geojson';
import { type Geos, mapPositions } from '../../../geometry-codecs/worker.js';
import { ofDimension } from '../simplest-form.js';

/**
 * What lies within half the globe across the antimeridian (Fiji, Russia, ships of the Pacific), with its western part
 * moved a turn on, so that it lies together in the plane of longitude and latitude. Everything else stays as it is.
 */
export function drawnTogether(geometry: Geometry): Geometry {
  const gap = widestGap(geometry);
  if (!gap || gap.to - gap.from <= 180) return geometry;
  return mapPositions(geometry, (position) =>
    position[0]! <= gap.from ? [position[0]! + 360, ...position.slice(1)] : position,
  );
}

/** Whether something was drawn beyond ±180°. */
export const runsBeyond = (geometry: Geometry): boolean =>
  intervalsOf(geometry).some(([from, to]) => from < -180 || to > 180);

/** What was drawn beyond ±180°, cut there and brought back between -180 and 180 (RFC 7946 §3.1.9). */
export function cutToWorld(geos: Geos, geometry: Geometry): Geometry | null {
  const drawn = geos.write(geometry);
  const pieces = [-360, 0, 360].flatMap((turn) => {
    const piece = geos.read(geos.intersection(drawn, geos.polygon([box(turn - 180, turn + 180)])));
    return piece ? [geos.write(mapPositions(piece, ([lon, ...rest]) => [lon! - turn, ...rest]))] : [];
  });
  if (pieces.length === 0) return null;
  const all = geos.read(geos.orient(geos.unaryUnion(geos.collect(pieces))));
  // An edge on the antimeridian itself touches the other side.
  return all && ofDimension(all, geometry);
}

const box = (west: number, east: number): Position[] => [
  [west, -90],
  [east, -90],
  [east, 90],
  [west, 90],
  [west, -90],
];

/** The widest run of longitudes between -180 and 180 that nothing lies in; none if something lies beyond. */
function widestGap(geometry: Geometry): { from: number; to: number } | undefined {
  const intervals = intervalsOf(geometry).sort((a, b) => a[0] - b[0]);
  let widest: { from: number; to: number } | undefined;
  let reached = -Infinity;
  for (const [from, to] of intervals) {
    if (from < -180 || to > 180) return undefined;
    if (from > reached && reached > -Infinity && (!widest || from - reached > widest.to - widest.from))
      widest = { from: reached, to: from };
    if (to > reached) reached = to;
  }
  return widest;
}

/** The longitudes of each connected part. */
function intervalsOf(geometry: Geometry): [from: number, to: number][] {
  switch (geometry.type) {
    case 'Point':
      return [[geometry.coordinates[0]!, geometry.coordinates[0]!]];
    case 'MultiPoint':
      return geometry.coordinates.map(([lon]) => [lon!, lon!]);
    case 'LineString':
      return [intervalOf(geometry.coordinates)];
    case 'MultiLineString':
      return geometry.coordinates.map(intervalOf);
    case 'Polygon':
      return [intervalOf(geometry.coordinates[0]!)];
    case 'MultiPolygon':
      return geometry.coordinates.map((rings) => intervalOf(rings[0]!));
    case 'GeometryCollection':
      return geometry.geometries.flatMap(intervalsOf);
  }
}

function intervalOf(line: Position[]): [number, number] {
  let [from, to] = [Infinity, -Infinity];
  for (const [lon] of line) {
    if (lon! < from) from = lon!;
    if (lon! > to) to = lon!;
  }
  return [from, to];
}
