import { type Bounds, type Crs, WGS84 } from '../../../geometry-codecs/worker.js';
import { type AppError, invalidInput } from '../../../shared/app-error.js';
import { crsInput } from './crs-input.js';
import type { OperationContext } from './operation.js';

/**
 * The box that the input `extent` gives, or else that around the features, and its coordinate system, which is theirs.
 * Undefined where the features are nowhere.
 */
export function extentOf(
  { expression }: OperationContext,
  around: Bounds | undefined,
): { bounds: Bounds | undefined; crs: Crs } {
  const features = expression.optionalFeatures('features');
  const box = expression.boundingBox('extent');
  if (!box) {
    if (!features) throw wrong('is required where there are no features');
    return { bounds: around, crs: features.crs };
  }
  const crs = crsInput(box.crs, 'extent') ?? WGS84;
  if (features && features.crs.proj !== crs.proj)
    throw wrong(`is in ${crs.name}, the features in ${features.crs.name}: let its crs name theirs`);
  const half = box.bbox.length / 2;
  const bounds = [box.bbox[0], box.bbox[1], box.bbox[half], box.bbox[half + 1]] as Bounds;
  if (bounds[0] > bounds[2])
    throw wrong('has its west beyond its east: ask for either side of 180° by itself');
  return { bounds, crs };
}

const wrong = (message: string): AppError =>
  invalidInput(`/inputs/extent: ${message}`, [{ path: '/inputs/extent', message }]);
