import type { Geometry } from 'geojson';
import type { FeatureRecord } from '../../../geometry-codecs/worker.js';
import type { OperationContext } from './operation.js';
import type { Preparation } from './preparation.js';
import { simplestForm } from '../simplest-form.js';

/** What features cover together, inner borders dissolved; null if none has a geometry. */
export function unionOf(
  { geos }: OperationContext,
  features: FeatureRecord[],
  preparation: Preparation,
): Geometry | null {
  return geos.arena(() => {
    const pointers = features.flatMap((feature, index) => preparation.prepare(feature, index)?.pointer ?? []);
    if (pointers.length === 0) return null;
    const geometry = geos.read(geos.orient(geos.unaryUnion(geos.collect(pointers))));
    return geometry && simplestForm(geometry);
  });
}
