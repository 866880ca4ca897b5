import { crsUrn } from '../../shared/crs-reference.js';
import type { Crs } from '../crs/crs.js';
import type { FeatureRecord } from '../geometry.js';
import { GrowingBuffer } from './growing-buffer.js';

/**
 * Features as GeoJSON text (RFC 7946), one JSON.stringify per feature. Planar results carry the `crs` member of the
 * 2008 format, without which their coordinates would be read as longitude and latitude.
 */
export function writeFeatureCollection(
  features: FeatureRecord[],
  crs: Crs,
  maxBytes: number,
): Uint8Array<ArrayBuffer> {
  const out = new GrowingBuffer(maxBytes);
  out.ascii('{"type":"FeatureCollection",');
  if (!isLonLat(crs)) out.ascii(`"crs":{"type":"name","properties":{"name":"${crsUrn(crs.name)}"}},`);
  out.ascii('"features":[');
  features.forEach(({ id, properties, geometry }, index) => {
    out.utf8(
      `${index > 0 ? ',' : ''}{"type":"Feature"${id === undefined ? '' : `,"id":${JSON.stringify(id)}`}`,
    );
    out.utf8(`,"properties":${JSON.stringify(properties)},"geometry":`);
    out.ascii(JSON.stringify(geometry));
    out.ascii('}');
  });
  out.ascii(']}');
  return out.finish();
}

const isLonLat = ({ name }: Crs): boolean => name === 'OGC:CRS84' || name === 'EPSG:4326';
