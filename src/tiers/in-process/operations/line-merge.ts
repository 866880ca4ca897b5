import type { FeatureRecord } from '../../../geometry-codecs/worker.js';
import type { Operation } from './operation.js';
import { Preparation } from './preparation.js';

/** Lines sewn together where exactly two meet: one feature for each run, without attributes. */
export const lineMerge: Operation = (context) => {
  const { expression, geos } = context;
  const { features, crs } = expression.features('features');
  const preparation = new Preparation(context, 'features');
  const result = geos.arena((): FeatureRecord[] => {
    const lines = features.flatMap((feature, index) => preparation.prepare(feature, index)?.pointer ?? []);
    if (lines.length === 0) return [];
    const merged = geos.lines.merge(geos.collect(lines), expression.flag('directed'));
    return geos.parts(merged).map((part) => ({ properties: {}, geometry: geos.read(part) }));
  });
  preparation.report();
  return { result: { features: result, crs } };
};
