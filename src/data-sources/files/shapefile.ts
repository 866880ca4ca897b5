import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { open, type Source } from 'shapefile';
import type { Feature } from 'geojson';
import { unzip } from 'unzipit';
import { FileFault, type FeatureFile, type FileFeature, type FilePlace } from './feature-file.js';

/** Of the format itself, where no .cpg says otherwise. */
const DEFAULT_ENCODING = 'windows-1252';

type Parts = Partial<Record<'shp' | 'dbf' | 'prj' | 'cpg', Uint8Array>>;

/** A .shp with its .dbf, .prj and .cpg beside it, or all of them in a zip. */
export async function openShapefile({ path, table }: FilePlace): Promise<FeatureFile> {
  const parts = /\.zip$/i.test(path) ? await inZip(path, table) : await beside(path);
  if (!parts.shp) throw new FileFault('There is no .shp in it.');
  const encoding = textOf(parts.cpg)?.trim() || DEFAULT_ENCODING;
  const source = await open(parts.shp, parts.dbf, { encoding });
  const crs = crsOfPrj(textOf(parts.prj) ?? '');
  return { ...(crs && { crs }), features: featuresOf(source) };
}

async function* featuresOf(source: Source<Feature>): AsyncGenerator<FileFeature> {
  for (;;) {
    const { done, value } = await source.read();
    if (done) return;
    yield { properties: value.properties, geometry: value.geometry };
  }
}

async function beside(path: string): Promise<Parts> {
  const stem = path.replace(/\.shp$/i, '');
  const read = (ending: string): Promise<Uint8Array | undefined> =>
    readFile(`${stem}.${ending}`).catch(() => undefined);
  const [shp, dbf, prj, cpg] = await Promise.all(['shp', 'dbf', 'prj', 'cpg'].map(read));
  return { shp, dbf, prj, cpg };
}

async function inZip(path: string, table: string | undefined): Promise<Parts> {
  const { entries } = await unzip(await readFile(path));
  const names = Object.keys(entries).filter((name) => !name.startsWith('__MACOSX'));
  const all = names.filter((name) => /\.shp$/i.test(name));
  const wanted = all.filter((name) => table === undefined || posix.basename(name, '.shp') === table);
  if (wanted.length > 1)
    throw new FileFault('The zip holds several shapefiles: name one of them as `table`.');
  const [shp] = wanted;
  const parts: Parts = {};
  if (shp === undefined) return parts;
  for (const ending of ['shp', 'dbf', 'prj', 'cpg'] as const) {
    const name = names.find((one) => one.toLowerCase() === shp.toLowerCase().replace(/shp$/, ending));
    if (name !== undefined) parts[ending] = new Uint8Array(await entries[name]!.arrayBuffer());
  }
  return parts;
}

const textOf = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && Buffer.from(bytes).toString('latin1');

/** Esri's WKT has names and no codes: those that have one meaning are known, others the configuration must say. */
export function crsOfPrj(text: string): string | undefined {
  const code = /AUTHORITY\["EPSG",\s*"?(\d+)"?\]\s*\]\s*$/i.exec(text)?.[1];
  if (code) return `EPSG:${code}`;
  const name = /^\s*(?:PROJCS|GEOGCS)\["([^"]+)"/i.exec(text)?.[1] ?? '';
  const utm = /^WGS_1984_UTM_Zone_(\d+)([NS])$/i.exec(name);
  if (utm) return `EPSG:${(utm[2]!.toUpperCase() === 'N' ? 32600 : 32700) + Number(utm[1])}`;
  if (/^(GCS_)?WGS_?(19)?84$/i.test(name)) return 'EPSG:4326';
  if (/^WGS_1984_Web_Mercator/i.test(name)) return 'EPSG:3857';
  if (/^GCS_North_American_1983$/i.test(name)) return 'EPSG:4269';
  if (/^ETRS_1989_LAEA$/i.test(name)) return 'EPSG:3035';
  return undefined;
}
