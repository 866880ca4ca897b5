import type { FeatureRecord } from '../../../geometry-codecs/worker.js';
import { clustersOf, type Near } from '../density-clusters.js';
import { Neighbours } from '../proximity/neighbours.js';
import { asMeant } from './as-meant.js';
import { distanceIn } from './distance-in.js';
import { eachFeature } from './each-feature.js';
import type { Operation } from './operation.js';
import { Preparation, type Prepared } from './preparation.js';

/**
 * Each feature with the number of its cluster (DBSCAN: Ester, Kriegel, Sander, Xu 1996), null where it is in none. Without
 * `minPoints` every chain of features within the distance is a cluster.
 */
export const cluster: Operation = (context) => {
  const { expression, geos } = context;
  const { features, crs } = expression.features('features');
  const distance = distanceIn(crs, expression.length('distance'));
  const preparation = new Preparation(context, 'features', true);
  const near = geos.arena((): (Near[] | null)[] => {
    const prepared = features.map((feature, index): Prepared | null => {
      const ready = preparation.prepare(crs.geographic ? asMeant(context, feature) : feature, index);
      return ready && !geos.isEmpty(ready.pointer) ? ready : null;
    });
    const candidates = prepared.flatMap((one, index) =>
      one ? [{ ...one, feature: features[index]!, index }] : [],
    );
    const neighbours = new Neighbours(geos, candidates, crs.geographic);
    return eachFeature(context, features, 'Finding neighbours of', (_, index) => {
      const one = prepared[index];
      return one ? neighbours.within(one, distance) : null;
    });
  });
  preparation.report();
  const clusters = clustersOf(near, expression.number('minPoints') ?? 1);
  const result = features.map((feature, index): FeatureRecord => ({
    ...feature,
    properties: { ...feature.properties, cluster: clusters[index]! },
  }));
  return { result: { features: result, crs } };
};
