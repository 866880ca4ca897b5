import { findCrs, type Crs } from '../../geometry-codecs/worker.js';
import { FileFault, type FeatureFile, type OpenFile } from './feature-file.js';
import type { FileProvider } from '../layer.js';
import type { FileTask } from './file-reading.js';

/** Each with its library, which takes as long to load as a small file takes to read. */
const OPENERS: Record<FileProvider, () => Promise<OpenFile>> = {
  geojson: async () => (await import('./geojson.js')).openGeojson,
  geopackage: async () => (await import('./geopackage.js')).openGeopackage,
  shapefile: async () => (await import('./shapefile.js')).openShapefile,
  flatgeobuf: async () => (await import('./flatgeobuf.js')).openFlatgeobuf,
  geoparquet: async () => (await import('./geoparquet.js')).openGeoparquet,
};

/** What is in it, and its coordinate system; the configuration has the last word on that. Throws FileFault. */
export async function openFile({ provider, place, crs }: FileTask): Promise<{
  features: FeatureFile['features'];
  crs: string;
}> {
  const open = await OPENERS[provider]();
  const file = await open(place);
  const name = crs ?? file.crs;
  if (name === undefined) throw new FileFault('The file does not say its coordinate system; set `crs`.');
  return { features: file.features, crs: name };
}

export const isLonLat = (crs: string): boolean => crs === 'OGC:CRS84' || crs === 'EPSG:4326';

/** Throws FileFault where the system is none that can be computed in. */
export function knownCrs(name: string): Crs {
  const crs = findCrs(name);
  if ('message' in crs) throw new FileFault(`Its coordinate system ${name} cannot be computed in here.`);
  return crs;
}
