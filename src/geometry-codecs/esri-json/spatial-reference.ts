import { type Crs, findCrs } from '../crs/crs.js';
import { EsriFault, isObject } from './esri-fault.js';

/** Codes that Esri gave, or gave first, to what EPSG knows by another one. */
const ESRI_CODES: Record<number, number> = {
  102100: 3857,
  102113: 3857,
  900913: 3857,
  3785: 3857,
  54034: 6933,
};
/** What Esri writes as `wkid` for an EPSG code; `latestWkid` is the EPSG code then. */
const WKIDS: Record<string, number> = { 'EPSG:3857': 102100 };

const NAMED: Record<string, string> = {
  gcs_wgs_1984: 'EPSG:4326',
  gcs_etrs_1989: 'EPSG:4258',
  gcs_north_american_1983: 'EPSG:4269',
  wgs_1984_web_mercator_auxiliary_sphere: 'EPSG:3857',
  wgs_1984_world_mercator: 'EPSG:3395',
  etrs_1989_laea: 'EPSG:3035',
  rgf_1993_lambert_93: 'EPSG:2154',
  'ch1903+_lv95': 'EPSG:2056',
};
const UTM_BASES: Record<string, number> = {
  wgs_1984n: 32600,
  wgs_1984s: 32700,
  etrs_1989n: 25800,
  nad_1983n: 26900,
};

/**
 * A spatial reference as clients write it: a code, the code or JSON as text, or an object with `latestWkid`, `wkid` or
 * `wkt`. Undefined where it says nothing (null, "", {}). Throws EsriFault for systems this service does not compute in.
 */
export function readSpatialReference(value: unknown): Crs | undefined {
  const name = nameOf(value);
  if (name === undefined) return undefined;
  const crs = findCrs(name);
  if ('message' in crs) throw new EsriFault(crs.message);
  return crs;
}

function nameOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'number') return ofCode(value);
  if (typeof value === 'string') return ofText(value.trim());
  if (!isObject(value))
    throw new EsriFault('must be a spatial reference: a wkid, or an object with wkid or wkt');
  const { latestWkid, wkid, wkt, wkt2 } = value;
  const code = latestWkid ?? wkid;
  if (code !== undefined && code !== null) return nameOf(typeof code === 'string' ? Number(code) : code);
  const text = wkt ?? wkt2;
  return typeof text === 'string' && text.trim() !== '' ? ofWkt(text) : undefined;
}

function ofText(text: string): string | undefined {
  if (/^\d+$/.test(text)) return ofCode(Number(text));
  const epsg = /^EPSG:(\d{1,6})$/i.exec(text);
  if (epsg) return ofCode(Number(epsg[1]));
  if (!text.startsWith('{')) return ofWkt(text);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new EsriFault('is not valid JSON');
  }
  return nameOf(parsed);
}

function ofCode(code: number): string {
  if (!Number.isInteger(code) || code <= 0) throw new EsriFault('has a wkid that is no code');
  return `EPSG:${ESRI_CODES[code] ?? code}`;
}

/** By the code that closes the text, else by the name that opens it. Definitions are not interpreted. */
function ofWkt(wkt: string): string {
  const closing = /(?:AUTHORITY|ID)\[\s*"(EPSG|ESRI)"\s*,\s*"?(\d{1,6})"?\s*\]\s*\]\s*$/i.exec(wkt);
  if (closing) return ofCode(Number(closing[2]));
  const name = /^\s*(?:PROJCS|GEOGCS|PROJCRS|GEOGCRS)\[\s*"([^"]{1,100})"/i.exec(wkt)?.[1]?.toLowerCase();
  const key = name?.replaceAll(' ', '_');
  if (key && Object.hasOwn(NAMED, key)) return NAMED[key]!;
  const utm = key && /^(wgs_1984|etrs_1989|nad_1983)_utm_zone_(\d{1,2})([ns])$/.exec(key);
  const base = utm && UTM_BASES[utm[1]! + utm[3]!];
  if (base) return `EPSG:${base + Number(utm[2])}`;
  throw new EsriFault('has a wkt of a system this service does not know by name; send its wkid');
}

/** The same system for an answer. Longitude and latitude on WGS 84 are 4326. */
export function writeSpatialReference({ name }: Pick<Crs, 'name'>): { wkid: number; latestWkid: number } {
  const latestWkid = name === 'OGC:CRS84' ? 4326 : Number(name.slice('EPSG:'.length));
  return { wkid: WKIDS[name] ?? latestWkid, latestWkid };
}
