import type { FeatureRecord } from '../../../geometry-codecs/worker.js';
import { simplestForm } from '../simplest-form.js';
import { eachFeature } from './each-feature.js';
import type { Operation } from './operation.js';
import { nameOf, Preparation, tell } from './preparation.js';

/** Every vertex on the nearest point of a grid; what was valid stays so, and parts that collapse are left out. */
export const snapToGrid: Operation = (context) => {
  const { expression, geos } = context;
  const { features, crs } = expression.features('features');
  const size = expression.number('size')!;
  const preparation = new Preparation(context, 'features', true);
  const vanished: string[] = [];
  const result = eachFeature(context, features, 'Snapping', (feature, index): FeatureRecord => {
    const prepared = preparation.prepare(feature, index);
    if (!prepared) return { ...feature, geometry: null };
    const snapped = geos.read(geos.orient(geos.shapes.snapToGrid(prepared.pointer, size)));
    if (!snapped && !geos.isEmpty(prepared.pointer)) vanished.push(nameOf(feature, index));
    return { ...feature, geometry: snapped && simplestForm(snapped) };
  });
  preparation.report();
  tell(context, vanished, 'features are smaller than the grid and have nothing left');
  return { result: { features: result, crs } };
};
