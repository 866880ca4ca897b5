import type { Position } from 'geojson';
import type { Bounds, FeatureRecord } from '../../../geometry-codecs/worker.js';
import { boundsOf } from '../bounds.js';
import { eachFeature } from './each-feature.js';
import type { OperationContext } from './operation.js';
import { Preparation } from './preparation.js';

export interface PlacedFeatures {
  /** Features with the place where each counts, its centroid in the plane of its coordinates. */
  placed: { feature: FeatureRecord; place: Position }[];
  /** What the features cover; undefined where they are nowhere. */
  bounds: Bounds | undefined;
}

/** Where the features of the input `features` lie; those that are nowhere are left out. */
export function placedFeatures(context: OperationContext): PlacedFeatures {
  const { expression, geos } = context;
  const features = expression.optionalFeatures('features')?.features ?? [];
  const preparation = new Preparation(context, 'features');
  const bounds: Bounds = [Infinity, Infinity, -Infinity, -Infinity];
  const placed = eachFeature(context, features, 'Placing', (feature, index): PlacedFeatures['placed'] => {
    const prepared = preparation.prepare(feature, index);
    const centre = prepared && geos.read(geos.shapes.centroid(prepared.pointer));
    if (centre?.type !== 'Point') return [];
    const own = boundsOf(prepared!.geometry);
    for (const side of [0, 1] as const) bounds[side] = Math.min(bounds[side], own[side]);
    for (const side of [2, 3] as const) bounds[side] = Math.max(bounds[side], own[side]);
    return [{ feature, place: centre.coordinates }];
  }).flat();
  preparation.report();
  return { placed, bounds: placed.length > 0 ? bounds : undefined };
}
