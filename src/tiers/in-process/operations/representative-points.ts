import type { Position } from 'geojson';
import type { FeatureRecord, Pointer } from '../../../geometry-codecs/worker.js';
import { wrap } from '../geodesic/projection.js';
import { asOnePiece } from './as-meant.js';
import { eachFeature } from './each-feature.js';
import type { Operation, OperationContext } from './operation.js';
import { Preparation } from './preparation.js';

/** The centre of gravity of each feature: of its areas, else its lines, else its points. */
export const centroid: Operation = (context) =>
  pointOfEach(context, 'Measuring', (geometry) => context.geos.shapes.centroid(geometry));

/** A point that surely lies on each feature, near its middle. */
export const pointOnSurface: Operation = (context) =>
  pointOfEach(context, 'Placing a point on', (geometry) => context.geos.shapes.pointOnSurface(geometry));

function pointOfEach(
  context: OperationContext,
  doing: string,
  find: (geometry: Pointer) => Pointer,
): ReturnType<Operation> {
  const { expression, geos } = context;
  const { features, crs } = expression.features('features');
  const preparation = new Preparation(context, 'features', true);
  const inRange = ([lon, ...rest]: Position): Position => [wrap(lon!), ...rest];
  const result = eachFeature(context, features, doing, (feature, index): FeatureRecord => {
    const prepared = preparation.prepare(crs.geographic ? asOnePiece(context, feature) : feature, index);
    const point = prepared && geos.read(find(prepared.pointer));
    if (point?.type !== 'Point') return { ...feature, geometry: null };
    const coordinates = crs.geographic ? inRange(point.coordinates) : point.coordinates;
    return { ...feature, geometry: { type: 'Point', coordinates } };
  });
  preparation.report();
  return { result: { features: result, crs } };
}
