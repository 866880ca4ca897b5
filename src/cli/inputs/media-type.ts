import { extname } from 'node:path';

const BY_EXTENSION: Record<string, string> = {
  '.geojson': 'application/geo+json',
  '.json': 'application/json',
  '.csv': 'text/csv',
  '.txt': 'text/plain',
  '.wkt': 'text/plain',
  '.tif': 'image/tiff; application=geotiff',
  '.tiff': 'image/tiff; application=geotiff',
  '.gpkg': 'application/geopackage+sqlite3',
  '.fgb': 'application/flatgeobuf',
  '.parquet': 'application/vnd.apache.parquet',
  '.zip': 'application/zip',
  '.png': 'image/png',
};

/** By the name of a file alone. */
export const mediaTypeOf = (path: string): string =>
  BY_EXTENSION[extname(path).toLowerCase()] ?? 'application/octet-stream';

export const isNamedAsJson = (path: string): boolean => /\bjson$/.test(mediaTypeOf(path));
