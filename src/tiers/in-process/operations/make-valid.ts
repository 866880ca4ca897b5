import type { FeatureRecord, RepairMethod } from '../../../geometry-codecs/worker.js';
import type { Operation } from './operation.js';
import { nameOf, tell } from './preparation.js';
import { simplestForm } from '../simplest-form.js';

/** Repairs invalid geometry; what is valid passes through as it is. */
export const makeValid: Operation = (context) => {
  const { expression, geos, progress } = context;
  const { features, crs } = expression.features('features');
  const method = (expression.text('method') ?? 'structure') as RepairMethod;
  const repaired: string[] = [];
  const vanished: string[] = [];
  const result = features.map((feature, index): FeatureRecord => {
    progress((index / features.length) * 100, `Checking feature ${index + 1} of ${features.length}`);
    return geos.arena(() => {
      const pointer = feature.geometry && geos.write(feature.geometry);
      if (pointer === null || geos.isValid(pointer)) return feature;
      const geometry = geos.read(geos.orient(geos.makeValid(pointer, method)));
      (geometry ? repaired : vanished).push(nameOf(feature, index));
      return { ...feature, geometry: geometry && simplestForm(geometry) };
    });
  });
  tell(context, repaired, 'features were repaired');
  tell(context, vanished, 'features enclose no area and have nothing left');
  return { result: { features: result, crs } };
};
