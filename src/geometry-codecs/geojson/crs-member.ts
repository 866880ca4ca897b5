import { parseCrsReference } from '../../shared/crs-reference.js';
import { type Crs, findCrs, WGS84 } from '../crs/crs.js';

/**
 * RFC 7946 knows longitude and latitude only; the `crs` member of its 2008 forerunner is honoured, since planar data
 * has no other way to say what it is. Coordinates are x, y in every case.
 */
export function readCrsMember(member: unknown): Crs | { message: string } {
  if (member === undefined || member === null) return WGS84;
  const name = (member as { properties?: { name?: unknown } }).properties?.name;
  if (typeof name !== 'string')
    return { message: 'must be of the form {"type":"name","properties":{"name":"EPSG:3857"}}' };
  const reference = parseCrsReference(name);
  return reference ? findCrs(reference) : { message: 'names no coordinate system this service knows' };
}
