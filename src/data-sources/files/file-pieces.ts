import type { Geometry } from 'geojson';
import { mapPositions, OutsideOfProjection, positionConverter, WGS84 } from '../../geometry-codecs/worker.js';
import { crsUrn } from '../../shared/crs-reference.js';
import { meets } from '../../shared/layer-filter.js';
import type { LayerReading } from '../layer.js';
import { requireFields } from '../require-fields.js';
import type { FileFeature } from './feature-file.js';
import { boundsOf, converted, meet } from './file-bounds.js';
import type { FileTask } from './file-reading.js';
import { isLonLat, knownCrs, openFile } from './open-file.js';

const PIECE = 256 * 1024;

/** The features that are wanted as pieces of the text of a collection. Throws FileFault, AppError `invalid-input`. */
export async function* piecesOf(file: FileTask, reading: LayerReading): AsyncGenerator<string> {
  const { features, crs } = await openFile(file);
  const lonLat = isLonLat(crs) || reading.asLonLat === true;
  const member = lonLat ? '' : `"crs":{"type":"name","properties":{"name":"${crsUrn(crs)}"}},`;
  const shown = !isLonLat(crs) && reading.asLonLat ? toLonLat(crs) : (geometry: Geometry | null) => geometry;
  const wanted = selector(reading, crs);
  let text = `{"type":"FeatureCollection",${member}"features":[`;
  let count = 0;
  for await (const feature of features) {
    const properties = wanted(feature);
    if (properties === undefined) continue;
    if (count === reading.limit) break;
    const { id, geometry } = feature;
    const written = {
      type: 'Feature',
      ...(id !== undefined && { id }),
      properties,
      geometry: shown(geometry),
    };
    text += (count++ > 0 ? ',' : '') + JSON.stringify(written, plain);
    if (text.length < PIECE) continue;
    yield text;
    text = '';
  }
  yield `${text}]}`;
}

/** The attributes of a feature that is wanted. Which attributes there are is known with the first feature. */
function selector(
  { bbox, filter, fields }: LayerReading,
  crs: string,
): (feature: FileFeature) => Record<string, unknown> | null | undefined {
  const box = bbox && converted(bbox, crs, 'from lon-lat');
  let checked = false;
  return ({ properties, geometry }) => {
    const given = properties ?? {};
    if (!checked) requireFields({ ...(fields && { fields }), ...(filter && { filter }) }, Object.keys(given));
    checked = true;
    if (filter && !meets(given, filter)) return undefined;
    if (bbox) {
      const own = boundsOf(geometry);
      if (!box || !own || !meet(box, own)) return undefined;
    }
    return fields ? Object.fromEntries(fields.map((name) => [name, given[name] ?? null])) : properties;
  };
}

/** What has no longitude and latitude is shown without geometry. */
function toLonLat(crs: string): (geometry: Geometry | null) => Geometry | null {
  const convert = positionConverter(knownCrs(crs), WGS84);
  return (geometry) => {
    try {
      return geometry && mapPositions(geometry, convert);
    } catch (error) {
      if (error instanceof OutsideOfProjection) return null;
      throw error;
    }
  };
}

/** Values that JSON does not have. Bytes are left out. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return value instanceof Uint8Array ? undefined : value;
}
