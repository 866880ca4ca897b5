import { writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { zip } from '@mapbox/shp-write';
import { serialize } from 'flatgeobuf/lib/mjs/geojson.js';
import type { FeatureCollection, Geometry } from 'geojson';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { WkbWriter } from '../../src/geometry-codecs/worker.js';

const wkb = (geometry: Geometry): Buffer => Buffer.from(new WkbWriter().hex(geometry), 'hex');

/** The same features in the formats that layers are read from; attributes are texts. */
export function writeGeopackage(path: string, { features }: FeatureCollection, code: number): void {
  const names = Object.keys(features[0]!.properties!);
  const database = new DatabaseSync(path);
  database.exec(`
    create table gpkg_spatial_ref_sys (srs_name text, srs_id integer primary key, organization text,
      organization_coordsys_id integer, definition text, description text);
    create table gpkg_geometry_columns (table_name text, column_name text, geometry_type_name text, srs_id integer,
      z tinyint, m tinyint);
    insert into gpkg_spatial_ref_sys values ('x', 100000, 'EPSG', ${code}, '', '');
    insert into gpkg_geometry_columns values ('the.features', 'geom', 'GEOMETRY', 100000, 0, 0);
    create table "the.features" (fid integer primary key, geom blob, ${names.map((name) => `"${name}" text`).join()});`);
  const insert = database.prepare(`insert into "the.features" values (?, ?${', ?'.repeat(names.length)})`);
  features.forEach(({ geometry, properties }, at) => {
    // No envelope, little-endian.
    const header = Buffer.from([0x47, 0x50, 0, 1, 0, 0, 0, 0]);
    header.writeInt32LE(100000, 4);
    insert.run(
      at + 1,
      Buffer.concat([header, wkb(geometry)]),
      ...names.map((name) => String(properties![name])),
    );
  });
  database.close();
}

/** Those of one part, which this writer wants by themselves, with a shapefile of a point beside theirs. */
export async function writeShapefile(path: string, { features }: FeatureCollection): Promise<void> {
  const polygons = features.filter(({ geometry }) => geometry.type === 'Polygon');
  const point = { ...polygons[0]!, geometry: { type: 'Point' as const, coordinates: [7, 46] } };
  const collection: FeatureCollection = { type: 'FeatureCollection', features: [...polygons, point] };
  writeFileSync(path, await zip(collection, { outputType: 'nodebuffer', compression: 'DEFLATE' }));
}

export const writeFlatgeobuf = (path: string, collection: FeatureCollection, code: number): void =>
  writeFileSync(path, serialize(collection, code));

export function writeGeoparquet(path: string, { features }: FeatureCollection): void {
  const names = Object.keys(features[0]!.properties!);
  const geo = {
    version: '1.1.0',
    primary_column: 'geometry',
    columns: { geometry: { encoding: 'WKB', geometry_types: [] } },
  };
  const bytes = parquetWriteBuffer({
    columnData: [
      ...names.map((name) => ({
        name,
        data: features.map(({ properties }) => String(properties![name])),
        type: 'STRING' as const,
      })),
      { name: 'geometry', data: features.map(({ geometry }) => wkb(geometry)), type: 'BYTE_ARRAY' as const },
    ],
    kvMetadata: [{ key: 'geo', value: JSON.stringify(geo) }],
  });
  writeFileSync(path, Buffer.from(bytes));
}
