import {
  type Crs,
  type FeatureRecord,
  findCrs,
  mapPositions,
  OutsideOfProjection,
  positionConverter,
} from '../../../geometry-codecs/worker.js';
import { invalidInput } from '../../../shared/app-error.js';
import type { Operation } from './operation.js';
import { nameOf } from './preparation.js';

/** Every position in another coordinate system; heights are kept. Edges are not given extra vertices. */
export const reproject: Operation = ({ expression, progress }) => {
  const { features, crs } = expression.features('features');
  const source = crsOf(expression.text('sourceCrs'), 'sourceCrs') ?? crs;
  const target = crsOf(expression.text('targetCrs'), 'targetCrs')!;
  const convert = positionConverter(source, target);
  const result = features.map((feature, index): FeatureRecord => {
    progress((index / features.length) * 100, `Reprojecting feature ${index + 1} of ${features.length}`);
    try {
      return { ...feature, geometry: feature.geometry && mapPositions(feature.geometry, convert) };
    } catch (error) {
      if (!(error instanceof OutsideOfProjection)) throw error;
      const message = `${nameOf(feature, index)} has a position that ${target.name} cannot show: ${error.message}`;
      throw invalidInput(`/inputs/features: ${message}`, [{ path: '/inputs/features', message }]);
    }
  });
  return { result: { features: result, crs: target } };
};

function crsOf(name: string | undefined, input: string): Crs | undefined {
  if (name === undefined) return undefined;
  const crs = findCrs(name);
  if (!('message' in crs)) return crs;
  throw invalidInput(`/inputs/${input}: ${crs.message}`, [
    { path: `/inputs/${input}`, message: crs.message },
  ]);
}
