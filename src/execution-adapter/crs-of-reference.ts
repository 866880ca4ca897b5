import { EsriFault, readSpatialReference } from '../geometry-codecs/index.js';
import { invalidInput } from '../shared/app-error.js';

/** The name of the system that a small parameter means, if it means one. Throws AppError `invalid-input`. */
export function crsOfReference(text: string, parameter: string): string | undefined {
  try {
    return readSpatialReference(text)?.name;
  } catch (error) {
    if (!(error instanceof EsriFault)) throw error;
    throw invalidInput(`${parameter} ${error.message}`, [{ path: `/${parameter}`, message: error.message }]);
  }
}
