import type { FeatureRecord } from '../../../geometry-codecs/worker.js';
import { eachFeature } from './each-feature.js';
import type { Operation } from './operation.js';
import { nameOf, tell } from './preparation.js';

/**
 * Whether the geometry of each feature is valid (OGC Simple Features), and if not, why and where. Nothing is repaired.
 * A null geometry is neither valid nor invalid.
 */
export const validate: Operation = (context) => {
  const { expression, geos } = context;
  const { features, crs } = expression.features('features');
  const faults: FeatureRecord[] = [];
  const invalid: string[] = [];
  const result = eachFeature(context, features, 'Checking', (feature, index): FeatureRecord => {
    const fault = feature.geometry ? geos.invalidity(geos.write(feature.geometry)) : undefined;
    if (fault) {
      invalid.push(nameOf(feature, index));
      faults.push({
        properties: { feature: feature.id ?? index, reason: fault.reason },
        geometry: fault.at && { type: 'Point', coordinates: fault.at.slice(0, 2) },
      });
    }
    const found = {
      valid: feature.geometry ? !fault : null,
      invalid_reason: fault?.reason ?? null,
      invalid_at: fault?.at?.slice(0, 2) ?? null,
    };
    return { ...feature, properties: { ...feature.properties, ...found } };
  });
  tell(context, invalid, 'features are invalid');
  return {
    result: { features: result, crs },
    faults: { features: faults, crs },
    valid: faults.length === 0,
  };
};
