import type { Geometry, Position } from 'geojson';
import type { FeatureRecord } from '../../../geometry-codecs/worker.js';
import { drawnTogether } from '../geodesic/short-way.js';
import { unwrap } from '../geodesic/unwrap.js';
import type { OperationContext } from './operation.js';

/** Data that was drawn over the antimeridian, as shapes stitched together there are. */
export function asMeant(
  context: OperationContext,
  feature: FeatureRecord,
  onChange?: () => void,
): FeatureRecord {
  if (!feature.geometry) return feature;
  const { geometry, changed } = unwrapped(context, feature.geometry);
  if (changed > 0) onChange?.();
  return { ...feature, geometry };
}

/**
 * A feature in longitude and latitude as it lies together on the globe: what crosses the antimeridian runs on beyond
 * 180° instead of jumping.
 */
export function asOnePiece(context: OperationContext, feature: FeatureRecord): FeatureRecord {
  const meant = asMeant(context, feature);
  return meant.geometry ? { ...meant, geometry: drawnTogether(meant.geometry) } : meant;
}

function unwrapped({ geos }: OperationContext, geometry: Geometry): ReturnType<typeof unwrap> {
  const isBroken = (rings: Position[][]): boolean => !geos.isValid(geos.polygon(rings));
  return unwrap(geometry, isBroken);
}
