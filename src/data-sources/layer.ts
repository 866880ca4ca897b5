import type { Readable } from 'node:stream';
import type { LayerSelection } from '../shared/layer-reference.js';
import type { PlacedTable } from './placed-table.js';

export type FileProvider = 'geojson' | 'geopackage' | 'shapefile' | 'flatgeobuf' | 'geoparquet';

/** Where the data of a layer is. */
type LayerProvider = 'postgis' | FileProvider;

/** A named dataset, as everybody who may see it knows it. */
export interface Layer {
  id: string;
  provider: LayerProvider;
  title: string;
  description?: string;
}

export interface LayerField {
  name: string;
  type: 'string' | 'number' | 'integer' | 'boolean' | 'date-time' | 'object';
}

/** What a layer holds, as found by looking at all of it. */
export interface LayerFacts {
  /** `OGC:CRS84` or `EPSG:<code>`; absent where nobody says. */
  crs?: string;
  featureCount: number;
  /** GeoJSON types, in the order of the alphabet. */
  geometryTypes: string[];
  /** West, south, east, north in longitude and latitude; absent where there is nothing, or it cannot be computed. */
  bbox?: [number, number, number, number];
  fields: LayerField[];
  /** The same as long as the data is. */
  snapshot: string;
}

/** What is wanted of a layer, and how. */
export interface LayerReading extends LayerSelection {
  limit?: number;
  /** In longitude and latitude, whatever the layer is in. */
  asLonLat?: boolean;
}

/** How the features of one layer are read. */
export interface LayerSource {
  readonly provider: LayerProvider;
  /**
   * A GeoJSON FeatureCollection of the features as they are at one moment, with a `crs` member where it is not in
   * longitude and latitude. Throws AppError `unavailable` where the data cannot be read, `invalid-input` for a selection
   * that does not fit it, its paths beginning within the reference.
   */
  read(reading?: LayerReading): Promise<Readable>;
  /** Throws AppError `unavailable`. */
  facts(): Promise<LayerFacts>;
  /** Where it is a table of the service's own database. */
  readonly placed?: PlacedTable;
}
