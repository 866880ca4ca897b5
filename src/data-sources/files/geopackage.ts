import { DatabaseSync } from 'node:sqlite';
import { FileFault, type FeatureFile, type FileFeature, type FilePlace } from './feature-file.js';
import { readWkb } from './read-wkb.js';

/** Bytes of the envelope in a geometry's header, by its code (OGC 12-128r18, 2.1.3). */
const ENVELOPE = [0, 32, 48, 48, 64];
const HEADER = 8;
const EMPTY = 0b10000;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

interface Table {
  name: string;
  geometry: string;
  organization: string;
  code: number;
}

/** The named table of features, else the first there is. */
export function openGeopackage({ path, table }: FilePlace): FeatureFile {
  const database = new DatabaseSync(path, { readOnly: true, allowExtension: false });
  const found = database
    .prepare(
      `select g.table_name as name, g.column_name as geometry, s.organization, s.organization_coordsys_id as code
         from gpkg_geometry_columns g left join gpkg_spatial_ref_sys s on s.srs_id = g.srs_id
        where ?1 is null or g.table_name = ?1 order by g.rowid limit 1`,
    )
    .get(table ?? null) as unknown as Table | undefined;
  if (!found)
    throw new FileFault(`The file has no ${table === undefined ? 'table of features' : 'such table'}.`);
  const crs = found.organization?.toUpperCase() === 'EPSG' ? `EPSG:${found.code}` : undefined;
  return { ...(crs && { crs }), features: featuresOf(database, found) };
}

function* featuresOf(database: DatabaseSync, { name, geometry }: Table): Generator<FileFeature> {
  const columns = database.prepare(`pragma table_info(${quoted(name)})`).all() as {
    name: string;
    pk: number;
  }[];
  const key = columns.find(({ pk }) => pk === 1)?.name;
  const rows = database.prepare(`select * from ${quoted(name)}`);
  rows.setReadBigInts(false);
  for (const row of rows.iterate() as Iterable<Record<string, unknown>>) {
    const { [geometry]: blob, ...rest } = row;
    const id = key === undefined ? undefined : (rest[key] as number);
    if (key !== undefined) delete rest[key];
    yield { ...(id !== undefined && { id }), properties: rest, geometry: geometryOf(blob) };
  }
  database.close();
}

function geometryOf(blob: unknown): FileFeature['geometry'] {
  if (!(blob instanceof Uint8Array)) return null;
  const flags = blob[3]!;
  const envelope = ENVELOPE[(flags >> 1) & 0b111];
  if (blob[0] !== 0x47 || blob[1] !== 0x50 || envelope === undefined)
    throw new FileFault('The file has a geometry that is none of GeoPackage.');
  return flags & EMPTY ? null : readWkb(blob.subarray(HEADER + envelope));
}
