import type { Geometry } from 'geojson';
import { fault } from './geometry-request.js';
import { answerOf, type GeometryOperation, prepared, requireType, taken } from './operation.js';

const HOW = {
  esriGeometryOffsetBevelled: 'bevel',
  esriGeometryOffsetMitered: 'mitre',
  esriGeometryOffsetRounded: 'round',
} as const;
const SEGMENTS = 16;
const USUAL_RATIO = 10;

/**
 * Lines beside lines: at their right where the distance is positive. Shells run clockwise, so that areas shrink by a
 * positive distance and grow by a negative one. Planar, in the unit of the system unless another one is given.
 */
export const offset: GeometryOperation = ({ request, geos }) => {
  const crs = request.requiredCrs('sr');
  const { type, geometries } = request.shapes('geometries');
  requireType('geometries', type, 'esriGeometryPolyline', 'esriGeometryPolygon');
  const unit = request.unit('offsetUnit');
  if (unit && 'meters' in unit === crs.geographic)
    throw fault(
      'offsetUnit',
      crs.geographic
        ? 'must be degrees where sr is longitude and latitude; project the geometries for another one'
        : 'must be a unit of length, since sr is projected',
    );
  const factor = !unit ? 1 : 'meters' in unit ? unit.meters / crs.metersPerUnit : unit.degrees;
  const distance = request.number('offsetDistance') * factor;
  const how = request.oneOf(
    'offsetHow',
    Object.keys(HOW) as (keyof typeof HOW)[],
    'esriGeometryOffsetMitered',
  );
  const mitreLimit = request.number('bevelRatio', USUAL_RATIO) || USUAL_RATIO;
  if (mitreLimit < 0) throw fault('bevelRatio', 'must not be negative');
  const corners = { segments: SEGMENTS, join: HOW[how], mitreLimit };
  const draw = type === 'esriGeometryPolygon' ? 'grown' : 'besideLine';
  const drawn = geometries.map((one) =>
    geos.arena((): Geometry | null => {
      const pointer = prepared(geos, one);
      if (pointer === null || distance === 0) return one;
      return taken(geos, geos.shapes[draw](pointer, -distance, corners));
    }),
  );
  return answerOf(type, drawn);
};
