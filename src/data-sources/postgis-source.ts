import { isUnavailable, type WorkSession, type WorkSessions } from '../database/index.js';
import { AppError } from '../shared/app-error.js';
import { crsUrn } from '../shared/crs-reference.js';
import type { LayerSnapshot, LayerSource } from './layer.js';
import { startedReadable } from './started-readable.js';

export interface TablePlace {
  schema: string;
  table: string;
}

interface Shape {
  geometry: string;
  srid: number;
  columns: string[];
  key?: string;
}

const WGS84_SRID = 4326;

const SHAPE = `
  select g.f_geometry_column as geometry, g.srid,
         array(select a.attname::text from pg_attribute a
                where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                  and a.atttypid <> all (array[to_regtype('geometry'), to_regtype('geography')]::oid[])
                order by a.attnum) as columns,
         (select min(a.attname::text) from pg_index i join pg_attribute a
              on a.attrelid = c.oid and a.attnum = any (i.indkey)
           where i.indrelid = c.oid and i.indisprimary having count(*) = 1) as key
    from geometry_columns g
    join pg_class c on c.oid = to_regclass(format('%I.%I', g.f_table_schema, g.f_table_name))
   where g.f_table_schema = $1 and g.f_table_name = $2
   order by g.f_geometry_column limit 1`;

/** A table or view with a geometry column; its one-column primary key is the id of its features. */
export class PostgisSource implements LayerSource {
  readonly provider = 'postgis' as const;

  constructor(
    private readonly sessions: WorkSessions,
    private readonly place: TablePlace,
    private readonly timeoutMs: number,
  ) {}

  async snapshot(): Promise<LayerSnapshot> {
    const pieces = this.sessions.stream(
      { transaction_read_only: 'on', statement_timeout: String(this.timeoutMs) },
      (session) => this.read(session),
    );
    return { content: await startedReadable(pieces).catch(asLayerError) };
  }

  private async *read(session: WorkSession): AsyncGenerator<string> {
    yield* collection(session, await this.shape(session), this.place);
  }

  private async shape(session: WorkSession): Promise<Shape> {
    const { schema, table } = this.place;
    const [shape] = await session.query<Shape>(SHAPE, [schema, table]);
    if (shape) return shape;
    throw new AppError('unavailable', 'layer-unreadable', 'The layer has no table with a geometry.');
  }
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Names come from the configuration and from the catalog of the database, never from a request, and are quoted. */
async function* collection(
  session: WorkSession,
  { geometry, srid, columns, key }: Shape,
  { schema, table }: TablePlace,
): AsyncGenerator<string> {
  const fields = columns.filter((name) => name !== key).map((name) => `t.${quoted(name)}`);
  const properties = fields.length > 0 ? `(select to_json(p) from (select ${fields.join(', ')}) p)` : `'{}'`;
  const id = key === undefined ? `''` : `'"id":' || to_json(t.${quoted(key)}) || ','`;
  const rows = session.column(
    `select '{"type":"Feature",' || ${id} || '"properties":' || ${properties} || ',"geometry":' ||
            coalesce(st_asgeojson(t.${quoted(geometry)}::geometry, 15, 0), 'null') || '}'
       from ${quoted(schema)}.${quoted(table)} t`,
  );
  const planar = srid !== WGS84_SRID && srid !== 0;
  const crs = planar ? `"crs":{"type":"name","properties":{"name":"${crsUrn(`EPSG:${srid}`)}"}},` : '';
  let before = `{"type":"FeatureCollection",${crs}"features":[`;
  for await (const row of rows) {
    yield before + row!;
    before = ',';
  }
  yield `${before === ',' ? '' : before}]}`;
}

function asLayerError(cause: unknown): never {
  if (cause instanceof AppError) throw cause;
  const message = isUnavailable(cause)
    ? 'The database of the layer does not answer.'
    : 'The table of the layer cannot be read.';
  throw new AppError('unavailable', 'layer-unreadable', message, { cause });
}
