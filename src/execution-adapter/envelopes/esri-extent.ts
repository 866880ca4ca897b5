import { readSpatialReference } from '../../geometry-codecs/worker.js';
import { isObject } from './json-object.js';

const CORNERS = ['xmin', 'ymin', 'xmax', 'ymax'] as const;

/**
 * `{"xmin","ymin","xmax","ymax","spatialReference"?}` or "xmin,ymin,xmax,ymax" as a bounding box of the engine's own
 * form. What is neither stays as it is, and is refused by the engine's own check. GP has no type for extents that
 * clients know, so they come as text.
 */
export function readExtent(value: unknown): unknown {
  if (typeof value === 'string') {
    const numbers = value.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
    return numbers.length === 4 && numbers.every(Number.isFinite) ? { bbox: numbers } : value;
  }
  if (!isObject(value) || !('xmin' in value)) return value;
  const reference = value.spatialReference;
  const crs = reference === undefined ? undefined : (readSpatialReference(reference)?.name ?? reference);
  return { bbox: CORNERS.map((corner) => value[corner]), ...(crs !== undefined && { crs }) };
}
