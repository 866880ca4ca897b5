import type { Geometry } from 'geojson';
import { type Crs, WGS84 } from '../../../geometry-codecs/worker.js';
import { AppError } from '../../../shared/app-error.js';
import { fault, type GeometryRequest } from './geometry-request.js';
import {
  answerOf,
  converter,
  type GeometryContext,
  type GeometryOperation,
  plain,
  taken,
} from './operation.js';
import type { Unit } from './units.js';

const SEGMENTS = 16;

type Grow = (geometry: Geometry, distance: number) => Geometry | null;

/**
 * Everything within each distance of each geometry: all geometries for the first distance, then for the second. In
 * longitude and latitude a unit of length can only mean the ground; without one, distances are degrees in the plane.
 * The result is in `outSR`, else in `bufferSR`, else in `inSR`.
 */
export const buffer: GeometryOperation = (context) => {
  const { request, geos } = context;
  const source = request.requiredCrs('inSR');
  const inner = request.crs('bufferSR') ?? source;
  const target = request.crs('outSR') ?? inner;
  const { geometries } = request.shapes('geometries');
  const distances = request.numbers('distances');
  if (geometries.length * distances.length > request.limits.maxFeatures)
    throw new AppError(
      'too-large',
      'too-many-geometries',
      `At most ${request.limits.maxFeatures} buffers are made in one request.`,
    );
  const { via, grow } = growing(context, inner, request.unit('unit'));
  const [arrive, leave] = [converter(source, via), converter(via, target)];
  const moved = geometries.map((one) => one && arrive(plain(one)));
  const buffers = distances.flatMap((distance): (Geometry | null)[] => {
    const grown = moved.map((one) => one && geos.arena(() => grow(one, distance)));
    return request.flag('unionResults') ? [unionOf(context, grown)] : grown;
  });
  return answerOf(
    'esriGeometryPolygon',
    buffers.map((one) => one && leave(one)),
  );
};

/** How to buffer by a number of the request, and in which system. */
function growing(
  { request, geos, ground }: GeometryContext,
  crs: Crs,
  unit: Unit | undefined,
): { via: Crs; grow: Grow } {
  const linear = unit === undefined || 'meters' in unit;
  const onGround = linear && (crs.geographic ? unit !== undefined : request.flag('geodesic'));
  if (onGround) {
    const meters = unit && 'meters' in unit ? unit.meters : crs.metersPerUnit;
    const via = crs.geographic ? crs : WGS84;
    return { via, grow: (geometry, distance) => ground.buffer(geos, geometry, distance * meters) };
  }
  const factor = planeFactor(request, crs, unit);
  const grow: Grow = (geometry, distance) =>
    taken(geos, geos.buffer(geos.write(geometry), { distance: distance * factor, segments: SEGMENTS }));
  return { via: crs, grow };
}

/** How many units of a planar calculation in a system are one of a given unit. */
function planeFactor(request: GeometryRequest, crs: Crs, unit: Unit | undefined): number {
  if (!unit) return 1;
  if ('meters' in unit) return unit.meters / crs.metersPerUnit;
  if (crs.geographic) return unit.degrees;
  throw fault(
    'unit',
    `must be a unit of length, since ${request.text('bufferSR') ? 'bufferSR' : 'inSR'} is projected`,
  );
}

function unionOf({ geos }: GeometryContext, geometries: (Geometry | null)[]): Geometry | null {
  return geos.arena(() => {
    const members = geometries.filter((one) => one !== null).map((one) => geos.valid(geos.write(one)));
    return members.length === 0 ? null : taken(geos, geos.unaryUnion(geos.collect(members)));
  });
}
