import { crsInput, featureConversion } from './crs-input.js';
import { eachFeature } from './each-feature.js';
import type { Operation } from './operation.js';

/** Every position in another coordinate system; heights are kept. Edges are not given extra vertices. */
export const reproject: Operation = (context) => {
  const { expression } = context;
  const { features, crs } = expression.features('features');
  const source = crsInput(expression.text('sourceCrs'), 'sourceCrs') ?? crs;
  const target = crsInput(expression.text('targetCrs'), 'targetCrs')!;
  const convert = featureConversion(source, target, 'features');
  return { result: { features: eachFeature(context, features, 'Reprojecting', convert), crs: target } };
};
