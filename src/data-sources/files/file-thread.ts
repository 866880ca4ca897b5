import { parentPort, workerData } from 'node:worker_threads';
import { crsUrn } from '../../shared/crs-reference.js';
import { FileFault, type FeatureFile, type FilePlace, type OpenFile } from './feature-file.js';
import { openFlatgeobuf } from './flatgeobuf.js';
import { openGeopackage } from './geopackage.js';
import { openGeoparquet } from './geoparquet.js';
import { openShapefile } from './shapefile.js';
import type { FileProvider, FileReply } from './file-reading.js';

/** A thread that reads one file of features as GeoJSON text, a piece whenever it is asked for one. */
const OPENERS: Record<FileProvider, OpenFile> = {
  geopackage: openGeopackage,
  shapefile: openShapefile,
  flatgeobuf: openFlatgeobuf,
  geoparquet: openGeoparquet,
};

const PIECE = 256 * 1024;

const { provider, place, crs } = workerData as { provider: FileProvider; place: FilePlace; crs?: string };

async function* pieces(): AsyncGenerator<string> {
  const file = await OPENERS[provider](place);
  let text = `{"type":"FeatureCollection",${crsMember(file)}"features":[`;
  let first = true;
  for await (const { id, properties, geometry } of file.features) {
    text += first ? '' : ',';
    first = false;
    const feature = { type: 'Feature', ...(id !== undefined && { id }), properties, geometry };
    text += JSON.stringify(feature, plain);
    if (text.length < PIECE) continue;
    yield text;
    text = '';
  }
  yield `${text}]}`;
}

/** The configuration has the last word on the coordinate system. */
function crsMember(file: FeatureFile): string {
  const name = crs ?? file.crs;
  if (name === undefined) throw new FileFault('The file does not say its coordinate system; set `crs`.');
  if (name === 'OGC:CRS84' || name === 'EPSG:4326') return '';
  return `"crs":{"type":"name","properties":{"name":"${crsUrn(name)}"}},`;
}

/** Values that JSON does not have. Bytes are left out. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return value instanceof Uint8Array ? undefined : value;
}

const reading = pieces();
parentPort!.on('message', () => {
  const say = (reply: FileReply): void => parentPort!.postMessage(reply);
  reading.next().then(
    ({ done, value }) => say(done ? { kind: 'end' } : { kind: 'piece', text: value }),
    (error: Error) => say({ kind: 'fault', message: error.message, told: error instanceof FileFault }),
  );
});
