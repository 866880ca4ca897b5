import type { Geometry } from 'geojson';
import type { Crs } from '../../../geometry-codecs/worker.js';
import { WGS84 } from '../../../geometry-codecs/worker.js';
import { fault, type GeometryRequest } from './geometry-request.js';
import { answerOf, converter, type GeometryOperation, plain, prepared, taken } from './operation.js';

/** Fewer vertices, none of the old ones farther than a deviation from the new lines. */
export const generalize: GeometryOperation = ({ request, geos, ground }) => {
  const crs = request.requiredCrs('sr');
  const { type, geometries } = request.shapes('geometries');
  const { length, onGround } = lengthOf(request, crs, ['maxDeviation', 'deviationUnit']);
  if (length < 0) throw fault('maxDeviation', 'must not be negative');
  const thinned = geometries.map((one) =>
    geos.arena((): Geometry | null => {
      const pointer = prepared(geos, one);
      const geometry = pointer === null ? null : geos.read(pointer);
      if (!geometry || type.endsWith('oint')) return geometry;
      if (onGround) return ground.thin(geos, geometry, length);
      return taken(geos, geos.valid(geos.shapes.douglasPeucker(pointer!, length)));
    }),
  );
  return answerOf(type, thinned);
};

/** Vertices added until no segment is longer than asked. With `geodesic`, they lie on the shortest way over the ground. */
export const densify: GeometryOperation = ({ request, geos, ground }) => {
  const crs = request.requiredCrs('sr');
  const { type, geometries } = request.shapes('geometries');
  if (!request.flag('geodesic')) {
    const { length, onGround } = lengthOf(request, crs, ['maxSegmentLength', 'lengthUnit']);
    if (!(length > 0)) throw fault('maxSegmentLength', 'must be greater than 0');
    return answerOf(type, ground.densify(geometries, length, onGround ? 'globe' : 'plane'));
  }
  const unit = request.unit('lengthUnit') ?? { meters: 1 };
  if (!('meters' in unit)) throw fault('lengthUnit', 'must be a unit of length where geodesic is true');
  const meters = request.number('maxSegmentLength') * unit.meters;
  if (!(meters > 0)) throw fault('maxSegmentLength', 'must be greater than 0');
  const via = crs.geographic ? crs : WGS84;
  const [arrive, leave] = [converter(crs, via), converter(via, crs)];
  const onGlobe = geometries.map((one) => one && geos.arena(() => ground.asMeant(geos, arrive(plain(one)))));
  return answerOf(
    type,
    ground.densify(onGlobe, meters, 'geodesic').map((one) => one && leave(one)),
  );
};

/** A length in metres on the ground where it can only mean that, else in units of the system. */
function lengthOf(
  request: GeometryRequest,
  crs: Crs,
  [name, unitName]: [string, string],
): { length: number; onGround: boolean } {
  const [value, unit] = [request.number(name), request.unit(unitName)];
  if (!unit) return { length: value, onGround: false };
  if ('meters' in unit)
    return crs.geographic
      ? { length: value * unit.meters, onGround: true }
      : { length: (value * unit.meters) / crs.metersPerUnit, onGround: false };
  if (crs.geographic) return { length: value * unit.degrees, onGround: false };
  throw fault(unitName, 'must be a unit of length, since sr is projected');
}
