import {
  type Crs,
  type FeatureRecord,
  findCrs,
  mapPositions,
  OutsideOfProjection,
  positionConverter,
} from '../../../geometry-codecs/worker.js';
import { invalidInput } from '../../../shared/app-error.js';
import { nameOf } from './preparation.js';

/** The coordinate system an input names; undefined where it names none. */
export function crsInput(name: string | undefined, input: string): Crs | undefined {
  if (name === undefined) return undefined;
  const crs = findCrs(name);
  if (!('message' in crs)) return crs;
  throw invalidInput(`/inputs/${input}: ${crs.message}`, [
    { path: `/inputs/${input}`, message: crs.message },
  ]);
}

/** Brings features from one system into another; says which feature has no place there. */
export function featureConversion(
  source: Crs,
  target: Crs,
  input: string,
): (feature: FeatureRecord, index: number) => FeatureRecord {
  const convert = positionConverter(source, target);
  return (feature, index) => {
    try {
      return { ...feature, geometry: feature.geometry && mapPositions(feature.geometry, convert) };
    } catch (error) {
      if (!(error instanceof OutsideOfProjection)) throw error;
      const message = `${nameOf(feature, index)} has a position that ${target.name} cannot show: ${error.message}`;
      throw invalidInput(`/inputs/${input}: ${message}`, [{ path: `/inputs/${input}`, message }]);
    }
  };
}
