import type { Comparison } from '../shared/layer-filter.js';
import type { LayerSelection } from '../shared/layer-reference.js';

export interface TablePlace {
  schema: string;
  table: string;
}

/** What the catalog of the database says of a table of features. */
export interface Shape {
  geometry: string;
  srid: number;
  columns: string[];
  key: string | null;
  /** Whether the key is a whole number. */
  keyIsNumber: boolean;
  /** As in `pg_class`. */
  kind: 'r' | 'p' | 'v' | 'm' | 'f';
}

export const WGS84_SRID = 4326;
/** Edges of a box are bent by a projection: they get a vertex each degree. */
const BOX = `st_segmentize(st_makeenvelope($1, $2, $3, $4, ${WGS84_SRID}), 1)`;

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Undefined: the table does not say. */
export const nameOfCrs = (srid: number): string | undefined => (srid === 0 ? undefined : `EPSG:${srid}`);

/** GeoJSON's names for what `geometrytype` answers. */
const GEOJSON_TYPES: Record<string, string> = {
  POINT: 'Point',
  LINESTRING: 'LineString',
  POLYGON: 'Polygon',
  MULTIPOINT: 'MultiPoint',
  MULTILINESTRING: 'MultiLineString',
  MULTIPOLYGON: 'MultiPolygon',
  GEOMETRYCOLLECTION: 'GeometryCollection',
};

export const geojsonTypes = (types: (string | null)[] | null): string[] =>
  (types ?? []).flatMap((type) => (type ? (GEOJSON_TYPES[type] ?? type) : [])).sort();

/** The attributes of a feature of `t` as one JSON object; the key is its id, and no attribute unless it is asked for. */
export function propertiesOf({ columns, key }: Shape, fields?: string[]): string {
  const wanted = fields ?? columns.filter((name) => name !== key);
  if (wanted.length === 0) return `'{}'::json`;
  return `(select to_json(p) from (select ${wanted.map((name) => `t.${quoted(name)}`).join(', ')}) p)`;
}

/** Hash of the rows of `t`: a write changes it. Tables have versions of rows, of others the content has to be read. */
export const snapshotOf = ({ kind }: Shape): string => {
  const row = kind === 'r' || kind === 'p' ? `concat_ws(' ', t.tableoid, t.ctid, t.xmin)` : 't::text';
  return `md5(count(*) || ':' || coalesce(sum(hashtextextended(${row}, 0)::numeric), 0))`;
};

/** A selection as SQL with its values bound. Its fields are those of the table: `requireFields` has seen to that. */
export function conditions(
  { bbox, filter = [] }: LayerSelection,
  { geometry, srid }: Shape,
): { where: string; values: unknown[] } {
  const values: unknown[] = bbox ? [...bbox] : [];
  const box = srid === 0 || srid === WGS84_SRID ? BOX : `st_transform(${BOX}, ${srid})`;
  const all = [
    ...(bbox ? [`t.${quoted(geometry)}::geometry && ${srid === 0 ? `st_setsrid(${box}, 0)` : box}`] : []),
    ...filter.map((comparison) => condition(comparison, values)),
  ];
  return { where: all.length > 0 ? `where ${all.join(' and ')}` : '', values };
}

/** The database reads each value as one of its column's type. */
function condition(comparison: Comparison, values: unknown[]): string {
  const column = `t.${quoted(comparison.field)}`;
  if (comparison.operator === 'null') return `${column} is null`;
  if (comparison.operator === 'not null') return `${column} is not null`;
  if (comparison.operator === 'in') return `${column} = any ($${values.push(comparison.value.map(String))})`;
  return `${column} ${comparison.operator} $${values.push(String(comparison.value))}`;
}
