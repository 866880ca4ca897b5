import type { Crs } from '../../../geometry-codecs/worker.js';
import type { Length } from '../../../registry/worker.js';

/**
 * A length as coordinates of a system have it: metres on longitude and latitude; in a planar system its units, unless
 * the request names a unit.
 */
export const distanceIn = (crs: Crs, { value, unitGiven, meters }: Length): number => {
  if (crs.geographic) return meters;
  return unitGiven ? meters / crs.metersPerUnit : value;
};
