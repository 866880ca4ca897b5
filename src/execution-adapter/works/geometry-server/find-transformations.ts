import { datumSteps } from '../../../geometry-codecs/worker.js';
import { fault } from './geometry-request.js';
import type { GeometryOperation } from './operation.js';
import { writtenTransformation } from './transformations.js';

/** The way between the datums of two systems that `project` takes, wherever the extent of interest is; none for one datum. */
export const findTransformations: GeometryOperation = ({ request }) => {
  const steps = datumSteps(request.requiredCrs('inSR'), request.requiredCrs('outSR'));
  const most = request.number('numOfResults', 1);
  if (!Number.isInteger(most) || most < -1)
    throw fault('numOfResults', 'must be a whole number, or -1 for all');
  if (request.has('extentOfInterest')) request.shape('extentOfInterest');
  return { transformations: steps.length === 0 || most === 0 ? [] : [writtenTransformation(steps)] };
};
