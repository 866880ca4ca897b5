import type { Readable } from 'node:stream';
import { isUnavailable, type WorkSession, type WorkSessions } from '../database/index.js';
import { AppError, invalidInput } from '../shared/app-error.js';
import { crsUrn } from '../shared/crs-reference.js';
import { type LayerFacts, type LayerReading, type LayerSource, requireFields } from './layer.js';
import { conditions, nameOfCrs, quoted, type Shape, type TablePlace, WGS84_SRID } from './postgis-table.js';
import { postgisFacts } from './postgis-facts.js';
import { startedReadable } from './started-readable.js';

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

  async read(reading: LayerReading = {}): Promise<Readable> {
    const pieces = this.sessions.stream(this.settings, (session) => this.pieces(session, reading));
    return startedReadable(pieces).catch(asLayerError);
  }

  facts(): Promise<LayerFacts> {
    return this.sessions
      .run(
        this.settings,
        () => {},
        async (session) => postgisFacts(session, this.place, await this.shape(session)),
      )
      .catch(asLayerError);
  }

  private get settings(): Record<string, string> {
    return { transaction_read_only: 'on', statement_timeout: String(this.timeoutMs) };
  }

  private async *pieces(session: WorkSession, reading: LayerReading): AsyncGenerator<string> {
    const shape = await this.shape(session);
    requireFields(reading, shape.columns);
    yield* collection(session, shape, { place: this.place, reading });
  }

  private async shape(session: WorkSession): Promise<Shape> {
    const { schema, table } = this.place;
    const [shape] = await session.query<Shape>(SHAPE, [schema, table]);
    if (shape) return shape;
    throw new AppError('unavailable', 'layer-unreadable', 'The layer has no table with a geometry.');
  }
}

/** Names are those that the catalog of the database has, and quoted; values are bound. */
async function* collection(
  session: WorkSession,
  shape: Shape,
  { place: { schema, table }, reading }: { place: TablePlace; reading: LayerReading },
): AsyncGenerator<string> {
  const { geometry, srid, columns, key } = shape;
  const wanted = reading.fields ?? columns.filter((name) => name !== key);
  const fields = wanted.map((name) => `t.${quoted(name)}`);
  const properties = fields.length > 0 ? `(select to_json(p) from (select ${fields.join(', ')}) p)` : `'{}'`;
  const id = key === undefined ? `''` : `'"id":' || to_json(t.${quoted(key)}) || ','`;
  const name = nameOfCrs(srid);
  const elsewhere = name !== undefined && name !== 'EPSG:4326';
  const shown = `t.${quoted(geometry)}::geometry`;
  const written = elsewhere && reading.asLonLat ? `st_transform(${shown}, ${WGS84_SRID})` : shown;
  const { where, values } = conditions(reading, shape);
  const rows = session.column(
    `select '{"type":"Feature",' || ${id} || '"properties":' || ${properties} || ',"geometry":' ||
            coalesce(st_asgeojson(${written}, 15, 0), 'null') || '}'
       from ${quoted(schema)}.${quoted(table)} t ${where}
      ${reading.limit === undefined ? '' : `limit ${Math.trunc(reading.limit)}`}`,
    values,
  );
  const crs =
    elsewhere && !reading.asLonLat ? `"crs":{"type":"name","properties":{"name":"${crsUrn(name)}"}},` : '';
  let before = `{"type":"FeatureCollection",${crs}"features":[`;
  for await (const row of rows) {
    yield before + row!;
    before = ',';
  }
  yield `${before === ',' ? '' : before}]}`;
}

/** Data exception (SQLSTATE class 22), and operators that a type does not have: the filter's values do not fit. */
const DOES_NOT_FIT = /^(?:22|42883|42804)/;

function asLayerError(cause: unknown): never {
  if (cause instanceof AppError) throw cause;
  const { code = '' } = cause as { code?: string };
  if (DOES_NOT_FIT.test(code)) {
    const message = 'a value does not fit the type of its field';
    throw invalidInput(message, [{ path: '/filter', message }]);
  }
  const message = isUnavailable(cause)
    ? 'The database of the layer does not answer.'
    : 'The table of the layer cannot be read.';
  throw new AppError('unavailable', 'layer-unreadable', message, { cause });
}
