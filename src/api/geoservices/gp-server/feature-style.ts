import type { FeatureStyle } from '../../../execution/index.js';
import { crsOfReference } from '../../../execution-adapter/index.js';
import { flag, type Parameters } from '../request/parameters.js';

const PLAIN: FeatureStyle = { heights: false, withLayer: false };

/** How features are wanted: as a later look asks, else as the request that made the run did. Throws AppError. */
export function featureStyle(asked: FeatureStyle = PLAIN, parameters: Parameters): FeatureStyle {
  const out = parameters.get('outsr') || parameters.get('env:outsr');
  const crs = out === undefined ? asked.crs : crsOfReference(out, 'outSR');
  return {
    ...(crs !== undefined && { crs }),
    heights: flag(parameters, 'returnz', asked.heights),
    withLayer: flag(parameters, 'returnfeaturecollection', asked.withLayer),
  };
}
