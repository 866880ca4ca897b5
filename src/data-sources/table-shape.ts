import { isUnavailable, type WorkSession } from '../database/index.js';
import { AppError, invalidInput } from '../shared/app-error.js';
import type { Shape, TablePlace } from './postgis-table.js';

const SHAPE = `
  select g.f_geometry_column as geometry, g.srid, c.relkind as kind,
         array(select a.attname::text from pg_attribute a
                where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                  and a.atttypid <> all (array[to_regtype('geometry'), to_regtype('geography')]::oid[])
                order by a.attnum) as columns,
         k.name as key, coalesce(k.is_number, false) as "keyIsNumber"
    from geometry_columns g
    join pg_class c on c.oid = to_regclass(format('%I.%I', g.f_table_schema, g.f_table_name))
    left join lateral (
      select min(a.attname::text) as name, bool_and(a.atttypid = any ('{int2,int4,int8}'::regtype[])) as is_number
        from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey)
       where i.indrelid = c.oid and i.indisprimary having count(*) = 1) k on true
   where g.f_table_schema = $1 and g.f_table_name = $2
   order by g.f_geometry_column limit 1`;

/** Throws AppError `unavailable` where there is no such table, or it has no geometry. */
export async function shapeOf(session: WorkSession, { schema, table }: TablePlace): Promise<Shape> {
  const [shape] = await session.query<Shape>(SHAPE, [schema, table]);
  if (shape) return shape;
  throw new AppError('unavailable', 'layer-unreadable', 'The layer has no table with a geometry.');
}

/** Data exception (SQLSTATE class 22), and operators that a type does not have: the filter's values do not fit. */
const DOES_NOT_FIT = /^(?:22|42883|42804)/;

/** What reading a table threw, as what its reader may know. */
export function asLayerError(cause: unknown): never {
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
