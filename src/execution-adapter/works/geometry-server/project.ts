import type { Geometry } from 'geojson';
import { checkTransformation } from './transformations.js';
import { answerOf, converter, type GeometryOperation } from './operation.js';

/** Every position in another system; heights and measures are kept, edges get no vertices. */
export const project: GeometryOperation = ({ request }) => {
  const [from, to] = [request.requiredCrs('inSR'), request.requiredCrs('outSR')];
  checkTransformation(request, from, to);
  const { type, geometries } = request.shapes('geometries');
  const convert = converter(from, to);
  return answerOf(
    type,
    geometries.map((one): Geometry | null => one && convert(one)),
  );
};
