import type { Geometry } from 'geojson';
import type { Crs } from './crs/crs.js';

/** One feature as it came, or as it goes out. A null geometry is legal and passes through. */
export interface FeatureRecord {
  id?: string | number;
  properties: Record<string, unknown> | null;
  geometry: Geometry | null;
}

/** [west, south, east, north] */
export type Bounds = [number, number, number, number];

/** Features that were read and checked: every position finite, every ring closed, all in one coordinate system. */
export interface FeatureSet {
  features: FeatureRecord[];
  crs: Crs;
  vertices: number;
  bbox?: Bounds;
  /** Where they are left in a table: the reference that names it, and how many there are. `features` is empty then. */
  inPlace?: { href: string; features: number };
}
