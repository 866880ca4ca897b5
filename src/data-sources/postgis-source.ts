import type { Readable } from 'node:stream';
import type { WorkSession, WorkSessions } from '../database/index.js';
import { crsUrn } from '../shared/crs-reference.js';
import type { LayerFacts, LayerReading, LayerSource } from './layer.js';
import type { PlacedTable } from './placed-table.js';
import { postgisFacts } from './postgis-facts.js';
import {
  conditions,
  nameOfCrs,
  propertiesOf,
  quoted,
  type Shape,
  type TablePlace,
  WGS84_SRID,
} from './postgis-table.js';
import { requireFields } from './require-fields.js';
import { startedReadable } from './started-readable.js';
import { asLayerError, shapeOf } from './table-shape.js';

/** A table or view with a geometry column; its one-column primary key is the id of its features. */
export class PostgisSource implements LayerSource {
  readonly provider = 'postgis' as const;

  constructor(
    private readonly sessions: WorkSessions,
    private readonly place: TablePlace,
    private readonly timeoutMs: number,
    readonly placed?: PlacedTable,
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
        async (session) => postgisFacts(session, this.place, await shapeOf(session, this.place)),
      )
      .catch(asLayerError);
  }

  private get settings(): Record<string, string> {
    return { transaction_read_only: 'on', statement_timeout: String(this.timeoutMs) };
  }

  private async *pieces(session: WorkSession, reading: LayerReading): AsyncGenerator<string> {
    const shape = await shapeOf(session, this.place);
    requireFields(reading, shape.columns);
    yield* collection(session, shape, { place: this.place, reading });
  }
}

/** Names are those that the catalog of the database has, and quoted; values are bound. */
async function* collection(
  session: WorkSession,
  shape: Shape,
  { place: { schema, table }, reading }: { place: TablePlace; reading: LayerReading },
): AsyncGenerator<string> {
  const { geometry, srid, key } = shape;
  const id = key === null ? `''` : `'"id":' || to_json(t.${quoted(key)}) || ','`;
  const name = nameOfCrs(srid);
  const elsewhere = name !== undefined && name !== 'EPSG:4326';
  const shown = `t.${quoted(geometry)}::geometry`;
  const written = elsewhere && reading.asLonLat ? `st_transform(${shown}, ${WGS84_SRID})` : shown;
  const { where, values } = conditions(reading, shape);
  const rows = session.column(
    `select '{"type":"Feature",' || ${id} || '"properties":' || ${propertiesOf(shape, reading.fields)} || ',"geometry":' ||
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
