import type { Geometry } from 'geojson';

export interface FileFeature {
  id?: string | number;
  properties: Record<string, unknown> | null;
  geometry: Geometry | null;
}

/** What a file of features was found to be. */
export interface FeatureFile {
  /** `EPSG:<code>` or `OGC:CRS84`; absent where the file does not say. */
  crs?: string;
  features: AsyncIterable<FileFeature> | Iterable<FileFeature>;
}

/** Where to look in a file that may hold several layers. */
export interface FilePlace {
  path: string;
  table?: string;
}

export type OpenFile = (place: FilePlace) => Promise<FeatureFile> | FeatureFile;

/** A fault of the file that its operator can mend; the message names no place of this machine. */
export class FileFault extends Error {}
