import type { Geometry } from 'geojson';
import { type Crs, WGS84 } from '../../../geometry-codecs/worker.js';
import { fault, type GeometryRequest } from './geometry-request.js';
import {
  converter,
  type GeometryContext,
  type GeometryOperation,
  plain,
  prepared,
  requireType,
  taken,
} from './operation.js';
import type { Unit } from './units.js';

const WAYS = ['planar', 'geodesic', 'preserveShape'] as const;
/** Between vertices so near to each other, a straight edge and a geodesic differ by less than 1e-7 of their length. */
const NEAR_METERS = 10_000;

type Way = (typeof WAYS)[number];

/** How long lines are. */
export const lengths: GeometryOperation = (context) => {
  const { request, ground } = context;
  const crs = request.requiredCrs('sr');
  const { type, geometries } = request.shapes('polylines');
  requireType('polylines', type, 'esriGeometryPolyline', ...onlyIfEmpty(geometries));
  const unit = request.unit('lengthUnit');
  const way = wayOf(request, crs, unit !== undefined && 'meters' in unit);
  const factor = lengthFactor('lengthUnit', { crs, unit, onGround: way !== 'planar' });
  const measured = asMeasured(context, geometries, { crs, way }).map((one) => {
    if (!one) return 0;
    return (way === 'planar' ? ground.measureInPlane : ground.measureOnGround)(one).length * factor;
  });
  return { lengths: measured };
};

/** How large areas are, and how long their outlines. */
export const areasAndLengths: GeometryOperation = (context) => {
  const { request, ground, geos } = context;
  const crs = request.requiredCrs('sr');
  const { type, geometries } = request.shapes('polygons');
  requireType('polygons', type, 'esriGeometryPolygon', ...onlyIfEmpty(geometries));
  const [unit, areaUnit] = [request.unit('lengthUnit'), request.areaUnit('areaUnit')];
  const way = wayOf(request, crs, areaUnit !== undefined || (unit !== undefined && 'meters' in unit));
  const onGround = way !== 'planar';
  const factor = lengthFactor('lengthUnit', { crs, unit, onGround });
  const own = onGround ? 1 : crs.geographic ? 1 : crs.metersPerUnit;
  // Without a unit, areas go by the unit of lengths, and that by the system.
  const square =
    areaUnit !== undefined ? own ** 2 / areaUnit : (unit && 'meters' in unit ? own / unit.meters : 1) ** 2;
  const whole = geometries.map((one) =>
    geos.arena(() => {
      const meant = one && (crs.geographic ? ground.asMeant(geos, plain(one)) : one);
      const pointer = prepared(geos, meant);
      return pointer === null ? null : taken(geos, pointer);
    }),
  );
  const measured = asMeasured(context, whole, { crs, way }).map(
    (one) => one && (onGround ? ground.measureOnGround : ground.measureInPlane)(one),
  );
  return {
    areas: measured.map((one) => (one ? one.area * square : 0)),
    lengths: measured.map((one) => (one ? one.perimeter * factor : 0)),
  };
};

/** The shortest way between two geometries. */
export const distance: GeometryOperation = (context) => {
  const { request, geos, ground } = context;
  const crs = request.requiredCrs('sr');
  const unit = request.unit('distanceUnit');
  const onGround = request.flag('geodesic') || (crs.geographic && unit !== undefined && 'meters' in unit);
  const factor = lengthFactor('distanceUnit', { crs, unit, onGround });
  const convert =
    onGround && !crs.geographic ? converter(crs, WGS84) : <T extends Geometry>(one: T): T => one;
  const [a, b] = (['geometry1', 'geometry2'] as const).map((name) => {
    const pointer = prepared(geos, request.shape(name).geometry);
    const geometry = pointer === null ? null : geos.read(pointer);
    if (!geometry) throw fault(name, 'is empty: there is no distance to it');
    const moved = convert(geometry);
    return onGround ? ground.asMeant(geos, moved) : moved;
  }) as [Geometry, Geometry];
  return { distance: ground.distance(geos, [a, b], onGround) * factor };
};

/** An empty list says nothing of its type. */
const onlyIfEmpty = (geometries: unknown[]): ['esriGeometryPoint'] | [] =>
  geometries.every((one) => one === null) ? ['esriGeometryPoint'] : [];

/** In longitude and latitude a unit of length can only mean the ground. */
function wayOf(request: GeometryRequest, crs: Crs, linear: boolean): Way {
  const way = request.oneOf('calculationType', WAYS, request.flag('geodesic') ? 'geodesic' : 'planar');
  return way === 'planar' && crs.geographic && linear ? 'geodesic' : way;
}

/** By what a measured length is multiplied: metres on the ground, in the plane units of the system. */
function lengthFactor(
  name: string,
  { crs, unit, onGround }: { crs: Crs; unit: Unit | undefined; onGround: boolean },
): number {
  if (!unit) return 1;
  if ('meters' in unit) return (onGround ? 1 : crs.metersPerUnit) / unit.meters;
  if (!onGround && crs.geographic) return 1 / unit.degrees;
  throw fault(name, 'must be a unit of length here, not of angles');
}

/** Geometries as they are measured: in longitude and latitude where it is done on the ground. */
function asMeasured(
  { geos, ground }: GeometryContext,
  geometries: (Geometry | null)[],
  { crs, way }: { crs: Crs; way: Way },
): (Geometry | null)[] {
  const flat = geometries.map((one) => one && plain(one));
  if (way === 'planar') return flat;
  const meant = crs.geographic ? flat.map((one) => one && geos.arena(() => ground.asMeant(geos, one))) : flat;
  const kept =
    way === 'preserveShape'
      ? ground.densify(
          meant,
          crs.geographic ? NEAR_METERS : NEAR_METERS / crs.metersPerUnit,
          crs.geographic ? 'globe' : 'plane',
        )
      : meant;
  const convert = crs.geographic ? <T extends Geometry>(one: T): T => one : converter(crs, WGS84);
  return kept.map((one) => one && convert(one));
}
