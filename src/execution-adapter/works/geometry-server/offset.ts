import type { Geometry } from 'geojson';
import type { CornerStyle, Pointer } from '../../../geometry-codecs/worker.js';
import { fault, type GeometryRequest } from './geometry-request.js';
import {
  answerOf,
  type GeometryContext,
  type GeometryOperation,
  plain,
  prepared,
  requireType,
  taken,
} from './operation.js';

const HOW = {
  esriGeometryOffsetBevelled: 'bevel',
  esriGeometryOffsetMitered: 'mitre',
  esriGeometryOffsetRounded: 'round',
} as const;
const SEGMENTS = 16;
const USUAL_RATIO = 10;

/**
 * Lines beside lines: at their right where the distance is positive. Shells run clockwise, so that areas shrink by a
 * positive distance and grow by a negative one. Planar, in the unit of the system unless another one is given; in
 * longitude and latitude a unit of length means the ground.
 */
export const offset: GeometryOperation = (context) => {
  const { request, geos } = context;
  const crs = request.requiredCrs('sr');
  const { type, geometries } = request.shapes('geometries');
  requireType('geometries', type, 'esriGeometryPolyline', 'esriGeometryPolygon');
  const unit = request.unit('offsetUnit');
  if (unit && 'degrees' in unit && !crs.geographic)
    throw fault('offsetUnit', 'must be a unit of length, since sr is projected');
  const onGround = unit !== undefined && 'meters' in unit && crs.geographic;
  const factor = !unit
    ? 1
    : 'meters' in unit
      ? unit.meters / (onGround ? 1 : crs.metersPerUnit)
      : unit.degrees;
  const distance = request.number('offsetDistance') * factor;
  const corners = cornersOf(request);
  const name = type === 'esriGeometryPolygon' ? 'grown' : 'besideLine';
  const draw = (pointer: Pointer): Pointer => geos.shapes[name](pointer, -distance, corners);
  const drawn = geometries.map((one) =>
    geos.arena((): Geometry | null => {
      if (onGround && one && distance !== 0) return onTheGround(context, one, { distance, draw });
      const pointer = prepared(geos, one);
      if (pointer === null || distance === 0) return one;
      return taken(geos, draw(pointer));
    }),
  );
  return answerOf(type, drawn);
};

function cornersOf(request: GeometryRequest): CornerStyle {
  const how = request.oneOf(
    'offsetHow',
    Object.keys(HOW) as (keyof typeof HOW)[],
    'esriGeometryOffsetMitered',
  );
  const mitreLimit = request.number('bevelRatio', USUAL_RATIO) || USUAL_RATIO;
  if (mitreLimit < 0) throw fault('bevelRatio', 'must not be negative');
  return { segments: SEGMENTS, join: HOW[how], mitreLimit };
}

function onTheGround(
  { geos, ground }: GeometryContext,
  geometry: Geometry,
  how: { distance: number; draw: (pointer: Pointer) => Pointer },
): Geometry | null {
  const drawn = ground.drawnNear(geos, ground.asMeant(geos, plain(geometry)), how);
  if (drawn !== undefined) return drawn;
  throw fault(
    'geometries',
    'reach over more than 400 km, for which an offset on the ground is not made; cut them, or project them',
  );
}
