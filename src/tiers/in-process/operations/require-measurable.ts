import { invalidInput } from '../../../shared/app-error.js';

/** Beyond this the square of a distance may be no number. */
const LARGEST = 1e150;

/** Throws AppError where coordinates are too large for distances between them. */
export function requireMeasurable(places: readonly (readonly number[])[], input: string): void {
  if (!places.some((place) => place.some((coordinate) => Math.abs(coordinate) > LARGEST))) return;
  const message = 'has coordinates too large for distances between them';
  throw invalidInput(`/inputs/${input}: ${message}`, [{ path: `/inputs/${input}`, message }]);
}
