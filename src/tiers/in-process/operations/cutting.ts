import type { FeatureRecord, Pointer } from '../../../geometry-codecs/worker.js';
import { eachFeature } from './each-feature.js';
import type { Operation, OperationContext } from './operation.js';
import { OverlayLayer, requireSameCrs, together } from './overlay-layer.js';
import { Preparation, type Prepared } from './preparation.js';
import { ofDimension, simplestForm } from '../simplest-form.js';

/**
 * Each feature cut to what the features of another input cover together; it keeps its id and attributes. Features that
 * have nothing of their own kind in common with them (polygons that only touch, say) are left out; those that lie
 * wholly inside one stay as they are.
 */
export const cuttingBy =
  (other: string): Operation =>
  (context) => {
    const { expression, geos } = context;
    const subject = expression.features('features');
    requireSameCrs(['features', subject], [other, expression.features(other)]);
    const preparation = new Preparation(context, 'features');
    const result = geos.arena(() => {
      const layer = OverlayLayer.of(context, other);
      return eachFeature(context, subject.features, 'Cutting', (feature, index): FeatureRecord[] => {
        const prepared = preparation.prepare(feature, index);
        const geometry = prepared && cut(context, prepared, layer);
        return geometry ? [{ ...feature, geometry }] : [];
      });
    });
    preparation.report();
    return { result: { features: result.flat(), crs: subject.crs } };
  };

function cut(context: OperationContext, prepared: Prepared, layer: OverlayLayer): FeatureRecord['geometry'] {
  const { geos } = context;
  const cutters = layer.meeting(prepared);
  if (cutters.length === 0) return null;
  if (cutters.some(({ test }) => test.covers(prepared.pointer))) return prepared.geometry;
  const pieces = cutters.map((cutter): Pointer => geos.intersection(prepared.pointer, cutter.pointer));
  const common = geos.read(geos.orient(together(context, pieces)));
  const kept = common && ofDimension(common, prepared.geometry);
  return kept && simplestForm(kept);
}
