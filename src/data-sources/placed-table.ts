import type { WorkSession, WorkSessions } from '../database/index.js';
import type { LayerSelection, TableInPlace } from '../shared/layer-reference.js';
import { requireFields } from './require-fields.js';
import {
  conditions,
  geojsonTypes,
  nameOfCrs,
  propertiesOf,
  quoted,
  type Shape,
  snapshotOf,
  type TablePlace,
  WGS84_SRID,
} from './postgis-table.js';
import { asLayerError, shapeOf } from './table-shape.js';

/** The input of a procedure that a table becomes, and what is to happen to its invalid geometries. */
export interface OfferedAs {
  input: string;
  policy: 'repair' | 'repair-to-lines' | 'refuse' | 'accept';
}

/** By table: the column and a hash over the versions of the rows whose geometries were last found sound. */
export type SoundTables = Map<string, string>;

/** A table or view of the service's own database: procedures can have it without its features leaving the database. */
export class PlacedTable {
  constructor(
    private readonly sessions: WorkSessions,
    private readonly place: TablePlace,
    private readonly timeoutMs: number,
    private readonly sound: SoundTables,
  ) {}

  /** What a selection of it holds now. Throws AppError as reading it does. */
  measure(selection: LayerSelection): Promise<TableInPlace> {
    const settings = { transaction_read_only: 'on', statement_timeout: String(this.timeoutMs) };
    const work = async (session: WorkSession): Promise<TableInPlace> => {
      const shape = await shapeOf(session, this.place);
      requireFields(selection, shape.columns);
      const { where, values } = conditions(selection, shape);
      const geometry = `t.${quoted(shape.geometry)}`;
      const [found] = await session.query<Record<'features' | 'vertices' | 'snapshot', string> & Types>(
        `select count(*)::text as features, coalesce(sum(st_npoints(${geometry})), 0)::text as vertices,
                array_agg(distinct geometrytype(${geometry})) as types, ${snapshotOf(shape)} as snapshot
           from ${this.table} t ${where}`,
        values,
      );
      const { features, vertices, types, snapshot } = found!;
      return {
        crs: crsOf(shape),
        features: Number(features),
        vertices: Number(vertices),
        geometryTypes: geojsonTypes(types),
        snapshot,
      };
    };
    return this.sessions.run(settings, () => {}, work).catch(asLayerError);
  }

  /**
   * Makes a selection of it the relation `pg_temp.input_<name>` of a session. A whole table of sound geometries, whose key
   * numbers them without gaps, is a view, so that its own indexes serve; of anything else, as the selection's values have
   * to be bound and repairs be kept, a copy is made within the database. Throws what the driver throws, SQLSTATE `HG002` for geometries that cannot be taken.
   */
  offer(session: WorkSession, selection: LayerSelection, { input, policy }: OfferedAs): Promise<void> {
    return session.asLogin(async () => {
      const shape = await shapeOf(session, this.place);
      requireFields(selection, shape.columns);
      const name = `pg_temp.${quoted(`input_${input}`)}`;
      // PostGIS tells of each invalid geometry; we tell of all at once.
      await session.query('set local client_min_messages = warning');
      const first = await this.firstOfSound(session, selection, shape);
      if (first !== undefined) {
        const number = `t.${quoted(shape.key!)}::bigint - (${first})`;
        const rows = this.rows(shape, number, selection.fields);
        await session.query(`create temp view ${quoted(`input_${input}`)} as ${rows}`);
      } else await this.copy(session, selection, { shape, name, as: { input, policy } });
      await session.query(`grant select on ${name} to honua_tier2`);
      await session.query('set local client_min_messages to default');
    });
  }

  /**
   * The lowest key of a table that needs no copy; undefined of any other. That its geometries are sound is remembered for
   * as long as its rows are the same: looking at each takes longer than many procedures.
   */
  private async firstOfSound(
    session: WorkSession,
    { bbox, filter }: LayerSelection,
    { geometry, key, keyIsNumber, kind, srid }: Shape,
  ): Promise<string | undefined> {
    if (bbox || filter || kind !== 'r' || srid === 0 || key === null || !keyIsNumber) return undefined;
    const name = `t.${quoted(key)}`;
    const [rows] = await session.query<{ first: string; dense: boolean; versions: string }>(
      `select min(${name})::text as first, max(${name}) - min(${name}) + 1 = count(*) as dense,
              count(*) || ' ' || bit_xor(hash_record_extended(row(t.tableoid, t.ctid, t.xmin), 0)) as versions
         from ${this.table} t`,
    );
    const { first, dense, versions } = rows!;
    if (!dense) return undefined;
    const looked = JSON.stringify([geometry, versions]);
    if (this.sound.get(this.table) !== looked) {
      const [found] = await session.query<{ sound: boolean }>(
        `select not exists (select from ${this.table} t where not st_isvalid(t.${quoted(geometry)})) as sound`,
      );
      if (!found!.sound) return undefined;
      this.sound.set(this.table, looked);
    }
    return first;
  }

  private async copy(
    session: WorkSession,
    selection: LayerSelection,
    { shape, name, as }: { shape: Shape; name: string; as: OfferedAs },
  ): Promise<void> {
    const { where, values } = conditions(selection, shape);
    const order = shape.key === null ? '' : `order by t.${quoted(shape.key)}`;
    const rows = this.rows(shape, `row_number() over (${order}) - 1`, selection.fields);
    await session.query(
      `create temp table ${name} (n bigint, id text, properties text, geom geometry) on commit drop`,
    );
    await session.query(`insert into ${name} ${rows} ${where}`, values);
    await session.query('select honua_gp.check_features($1, $2)', [as.input, as.policy]);
  }

  private rows(shape: Shape, number: string, fields: string[] | undefined): string {
    const geometry = `t.${quoted(shape.geometry)}`;
    return `select ${number} as n, ${shape.key === null ? 'null::text' : `to_json(t.${quoted(shape.key)})::text`} as id,
                   ${propertiesOf(shape, fields)}::text as properties,
                   ${shape.srid === 0 ? `st_setsrid(${geometry}, ${WGS84_SRID})` : geometry} as geom
              from ${this.table} t`;
  }

  private get table(): string {
    return `${quoted(this.place.schema)}.${quoted(this.place.table)}`;
  }
}

interface Types {
  types: (string | null)[] | null;
}

const crsOf = ({ srid }: Shape): string => {
  const name = nameOfCrs(srid);
  return name === undefined || name === `EPSG:${WGS84_SRID}` ? 'OGC:CRS84' : name;
};
