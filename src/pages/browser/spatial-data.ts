import { readWkt } from './wkt.js';

export interface SpatialData {
  features: GeoJSON.Feature[];
  /** Named where the coordinates are not longitude and latitude: then they are not for this map. */
  crs?: string;
}

const PLAIN_CRS = /CRS84|EPSG:+(?:[\d.]*:)?4326$/i;

/** Features from GeoJSON of any kind, from an object or a text, or from well-known text; undefined for what is neither. */
export function spatialData(given: unknown): SpatialData | undefined {
  if (typeof given === 'string') {
    if (!/^\s*[{[]/.test(given)) return ofGeometry(readWkt(given));
    try {
      return spatialData(JSON.parse(given));
    } catch {
      return undefined;
    }
  }
  if (typeof given !== 'object' || given === null) return undefined;
  const { type, features, value } = given as Record<string, unknown>;
  if (value !== undefined) return spatialData(value);
  const crs = foreignCrs(given);
  if (type === 'FeatureCollection' && Array.isArray(features))
    return { features: features as GeoJSON.Feature[], crs };
  if (type === 'Feature') return { features: [given as GeoJSON.Feature], crs };
  const found = ofGeometry(given as GeoJSON.Geometry);
  return found && { ...found, crs };
}

const ofGeometry = (geometry: GeoJSON.Geometry | undefined): SpatialData | undefined =>
  geometry && ('coordinates' in geometry || 'geometries' in geometry)
    ? { features: [{ type: 'Feature', properties: {}, geometry }] }
    : undefined;

function foreignCrs(given: object): string | undefined {
  const { crs } = given as { crs?: { properties?: { name?: unknown } } };
  const name = crs?.properties?.name;
  return typeof name === 'string' && !PLAIN_CRS.test(name) ? name : undefined;
}
