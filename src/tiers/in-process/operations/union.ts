import type { FeatureRecord } from '../../../geometry-codecs/worker.js';
import { unionOf } from './dissolving.js';
import type { Operation } from './operation.js';
import { Preparation } from './preparation.js';

/** One feature that covers what any feature covers; of no features, none. */
export const union: Operation = (context) => {
  const { features, crs } = context.expression.features('features');
  const preparation = new Preparation(context, 'features');
  const geometry = unionOf(context, features, preparation);
  preparation.report();
  const result: FeatureRecord[] = features.length === 0 ? [] : [{ properties: {}, geometry }];
  return { result: { features: result, crs } };
};
