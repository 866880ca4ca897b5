import type { Point } from 'geojson';
import type { FeatureRecord } from '../../../geometry-codecs/worker.js';
import { kMeans } from '../k-means.js';
import { GLOBE, PLANE, type Vector } from '../proximity/metric.js';
import type { Operation } from './operation.js';
import { centroidsOf } from './representative-points.js';
import { requireMeasurable } from './require-measurable.js';

/**
 * Each feature with the number of its cluster around means, null where it has no geometry. It counts where its centroid
 * is; on the globe distances are those straight through it.
 */
export const clusterKmeans: Operation = (context) => {
  const { expression, messages, progress } = context;
  const { features, crs } = expression.features('features');
  const { vector } = crs.geographic ? GLOBE : PLANE;
  const centres = centroidsOf(context, false).features.map(({ geometry }) => geometry as Point | null);
  const places = centres.flatMap((centre): Vector[] => (centre ? [vector(centre.coordinates)] : []));
  requireMeasurable(places, 'features');
  progress(50, 'Finding clusters');
  const count = expression.number('k')!;
  const members = kMeans(places, count);
  const found = new Set(members).size;
  if (found > 0 && found < count)
    messages.push({ level: 'warning', text: `Only ${found} clusters were found` });
  let next = 0;
  const result = features.map((feature, index): FeatureRecord => ({
    ...feature,
    properties: { ...feature.properties, cluster_id: centres[index] ? members[next++]! : null },
  }));
  return { result: { features: result, crs } };
};
