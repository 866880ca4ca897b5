import type { Point } from 'geojson';
import type { FeatureRecord } from '../../../geometry-codecs/worker.js';
import { invalidInput } from '../../../shared/app-error.js';
import { kMeans } from '../k-means.js';
import { GLOBE, PLANE, type Vector } from '../proximity/metric.js';
import type { Operation } from './operation.js';
import { centroidsOf } from './representative-points.js';

/** Beyond this the square of a distance may be none. */
const LARGEST = 1e150;

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
  if (places.flat().some((coordinate) => Math.abs(coordinate) > LARGEST)) throw tooFar();
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

function tooFar(): Error {
  const message = 'has coordinates too large for distances between them';
  return invalidInput(`/inputs/features: ${message}`, [{ path: '/inputs/features', message }]);
}
