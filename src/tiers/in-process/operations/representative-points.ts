import type { Position } from 'geojson';
import type { FeatureRecord, FeatureSet, Pointer } from '../../../geometry-codecs/worker.js';
import { wrap } from '../geodesic/projection.js';
import { asOnePiece } from './as-meant.js';
import { eachFeature } from './each-feature.js';
import type { Operation, OperationContext } from './operation.js';
import { Preparation } from './preparation.js';

type FeaturesOut = Pick<FeatureSet, 'features' | 'crs'>;

/** The centre of gravity of each feature: of its areas, else its lines, else its points. */
export const centroid: Operation = (context) => ({ result: centroidsOf(context, true) });

/** The features with their centres of gravity; null where there is nothing, or an area that is none, if that is so wanted. */
export const centroidsOf = (context: OperationContext, keepCollapsed: boolean): FeaturesOut =>
  pointOfEach(context, { doing: 'Measuring', keepCollapsed }, (geometry) =>
    context.geos.shapes.centroid(geometry),
  );

/** A point that surely lies on each feature, near its middle. */
export const pointOnSurface: Operation = (context) => ({
  result: pointOfEach(context, { doing: 'Placing a point on', keepCollapsed: true }, (geometry) =>
    context.geos.shapes.pointOnSurface(geometry),
  ),
});

function pointOfEach(
  context: OperationContext,
  { doing, keepCollapsed }: { doing: string; keepCollapsed: boolean },
  find: (geometry: Pointer) => Pointer,
): FeaturesOut {
  const { expression, geos } = context;
  const { features, crs } = expression.features('features');
  const preparation = new Preparation(context, 'features', keepCollapsed);
  const inRange = ([lon, ...rest]: Position): Position => [wrap(lon!), ...rest];
  const result = eachFeature(context, features, doing, (feature, index): FeatureRecord => {
    const prepared = preparation.prepare(crs.geographic ? asOnePiece(context, feature) : feature, index);
    const point = prepared && geos.read(find(prepared.pointer));
    if (point?.type !== 'Point') return { ...feature, geometry: null };
    const coordinates = crs.geographic ? inRange(point.coordinates) : point.coordinates;
    return { ...feature, geometry: { type: 'Point', coordinates } };
  });
  preparation.report();
  return { features: result, crs };
}
