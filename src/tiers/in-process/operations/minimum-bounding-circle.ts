import type { FeatureRecord } from '../../../geometry-codecs/worker.js';
import { invalidInput } from '../../../shared/app-error.js';
import { drawCircle, smallestCircleOnGround } from '../geodesic/bounding-circle.js';
import { positionsOf } from '../geodesic/shapes.js';
import { simplestForm } from '../simplest-form.js';
import type { Operation, OperationContext } from './operation.js';
import { outlined } from './outlined.js';
import type { Prepared } from './preparation.js';

const DEFAULT_SEGMENTS = 16;

/** The smallest circle around all features, or around each; on longitude and latitude a circle on the ground. */
export const minimumBoundingCircle: Operation = (context) => {
  const { crs } = context.expression.features('features');
  const draw = crs.geographic ? onGround : inPlane;
  const features = outlined(context, 'Encircling', (prepared) => draw(context, prepared));
  return { result: { features, crs } };
};

function onGround({ geos, expression }: OperationContext, { geometry }: Prepared): Partial<FeatureRecord> {
  const positions = positionsOf(geometry);
  if (positions.length === 0) return { geometry: null };
  const circle = smallestCircleOnGround(geos, positions);
  if (!circle) {
    const message = 'spreads over so much of the globe that no circle on one side of it holds it';
    throw invalidInput(`/inputs/features: ${message}`, [{ path: '/inputs/features', message }]);
  }
  const { center, radius } = circle;
  const drawn = drawCircle(geos, circle, expression.number('segments') ?? DEFAULT_SEGMENTS);
  return {
    geometry: drawn && simplestForm(drawn),
    properties: { center_x: center[0], center_y: center[1], radius_m: radius },
  };
}

function inPlane(
  { geos, expression }: OperationContext,
  { pointer, geometry }: Prepared,
): Partial<FeatureRecord> {
  if (geos.isEmpty(pointer)) return { geometry: null };
  const { crs } = expression.features('features');
  const { center, radius } = geos.shapes.minimumBoundingCircle(pointer);
  // GEOS knows no centre of several points in one place.
  const [x, y] = (radius === 0 ? positionsOf(geometry)[0] : center) as [number, number];
  const properties = { center_x: x, center_y: y, radius_m: radius * crs.metersPerUnit };
  if (radius === 0) return { geometry: { type: 'Point', coordinates: [x, y] }, properties };
  const count = 4 * (expression.number('segments') ?? DEFAULT_SEGMENTS);
  const ring = Array.from({ length: count }, (_, i) => {
    const angle = (2 * Math.PI * i) / count;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });
  return { geometry: { type: 'Polygon', coordinates: [[...ring, ring[0]!]] }, properties };
}
