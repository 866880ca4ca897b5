import type { FeatureRecord } from '../../../geometry-codecs/worker.js';
import type { OperationContext } from './operation.js';

/** Works through features one by one, each in an arena of its own, telling how far it has come. */
export const eachFeature = <T>(
  { geos, progress }: OperationContext,
  features: FeatureRecord[],
  doing: string,
  work: (feature: FeatureRecord, index: number) => T,
): T[] =>
  features.map((feature, index) => {
    progress((index / features.length) * 100, `${doing} feature ${index + 1} of ${features.length}`);
    return geos.arena(() => work(feature, index));
  });
