import type { WorkSession } from '../database/index.js';
import type { LayerFacts, LayerField } from './layer.js';
import {
  geojsonTypes,
  nameOfCrs,
  quoted,
  type Shape,
  snapshotOf,
  type TablePlace,
  WGS84_SRID,
} from './postgis-table.js';

interface Found {
  count: string;
  types: string[] | null;
  bbox: [number, number, number, number] | null;
  snapshot: string;
}

/** The whole table is looked at once. */
export async function postgisFacts(
  session: WorkSession,
  { schema, table }: TablePlace,
  shape: Shape,
): Promise<LayerFacts> {
  const { geometry, srid, columns } = shape;
  const name = quoted(geometry);
  const lonLat = (extent: string): string =>
    srid === 0 || srid === WGS84_SRID
      ? extent
      : `st_transform(st_segmentize(st_setsrid(${extent}::geometry, ${srid}), greatest(st_xmax(${extent}) - st_xmin(${extent}), 1e-9) / 50), ${WGS84_SRID})`;
  const [found] = await session.query<Found>(`
    with seen as (
      select count(*) as count, array_agg(distinct geometrytype(t.${name}::geometry)) as types,
             st_extent(t.${name}::geometry) as extent,
             ${snapshotOf(shape)} as snapshot
        from ${quoted(schema)}.${quoted(table)} t)
    select count::text, types, snapshot,
           (select array[st_xmin(b), st_ymin(b), st_xmax(b), st_ymax(b)]
              from (select ${lonLat('extent')} as b where extent is not null) boxes) as bbox
      from seen`);
  const { count, types, bbox, snapshot } = found!;
  const crs = nameOfCrs(srid);
  return {
    ...(crs !== undefined && { crs }),
    featureCount: Number(count),
    geometryTypes: geojsonTypes(types),
    ...(bbox && { bbox }),
    fields: await fieldsOf(session, { schema, table }, columns),
    snapshot,
  };
}

async function fieldsOf(
  session: WorkSession,
  { schema, table }: TablePlace,
  columns: string[],
): Promise<LayerField[]> {
  const rows = await session.query<{ name: string; type: string; category: string }>(
    `select a.attname::text as name, t.typname::text as type, t.typcategory::text as category
       from pg_attribute a join pg_type t on t.oid = a.atttypid
      where a.attrelid = to_regclass(format('%I.%I', $1::text, $2::text)) and a.attname = any ($3) order by a.attnum`,
    [schema, table, columns],
  );
  return rows.map(({ name, type, category }) => ({ name, type: fieldType(type, category) }));
}

function fieldType(type: string, category: string): LayerField['type'] {
  if (/^int[248]$/.test(type)) return 'integer';
  if (category === 'N') return 'number';
  if (category === 'B') return 'boolean';
  if (/^(?:date|timestamp)/.test(type)) return 'date-time';
  return /^jsonb?$/.test(type) || category === 'A' || category === 'C' ? 'object' : 'string';
}
