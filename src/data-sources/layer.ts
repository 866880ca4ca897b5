import type { Readable } from 'node:stream';
import type { FileProvider } from './files/file-reading.js';

/** Where the data of a layer is. */
type LayerProvider = 'postgis' | 'geojson' | FileProvider;

/** A named dataset, as everybody who may see it knows it. */
export interface Layer {
  id: string;
  provider: LayerProvider;
  title: string;
  description?: string;
}

/** The features of a layer, as they were at one moment. */
export interface LayerSnapshot {
  /** A GeoJSON FeatureCollection, with a `crs` member where it is not in longitude and latitude. */
  content: Readable;
}

/** How the features of one layer are read. */
export interface LayerSource {
  readonly provider: LayerProvider;
  /** Throws AppError `unavailable` where the data cannot be read. */
  snapshot(): Promise<LayerSnapshot>;
}
