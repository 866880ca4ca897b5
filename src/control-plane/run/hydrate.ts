import { getMetadataArgsStorage } from 'typeorm';
import { RunEvent } from '../auditing/run-event.entity.js';
import { ProcessRun } from './process-run.entity.js';

type Row = Record<string, unknown>;
type Column = { property: string; name: string; isTime: boolean };

const columnsOf = (entity: new () => object): Column[] =>
  getMetadataArgsStorage()
    .filterColumns(entity)
    .map(({ propertyName, options }) => ({
      property: propertyName,
      name: options.name ?? propertyName,
      isTime: options.type === 'timestamptz',
    }));

/** A row as the driver gives it, or as `to_jsonb` writes it, to its entity. */
function hydrate<E extends object>(entity: new () => E, columns: Column[], row: Row): E {
  const made = new entity() as Row;
  for (const { property, name, isTime } of columns) {
    const value = row[name];
    made[property] = isTime && typeof value === 'string' ? new Date(value) : value;
  }
  return made as E;
}

const runColumns = columnsOf(ProcessRun);
const eventColumns = columnsOf(RunEvent);

export const toRun = (row: Row): ProcessRun => hydrate(ProcessRun, runColumns, row);
export const toRunEvent = (row: Row): RunEvent => hydrate(RunEvent, eventColumns, row);

/** The first row as a run; undefined where there is none. */
export const firstRun = (rows: Row[]): ProcessRun | undefined => (rows[0] ? toRun(rows[0]) : undefined);

/** The other direction: an entity's members by their column names, for `jsonb_populate_record`. */
export function toColumns(run: Partial<ProcessRun>): Row {
  const row: Row = {};
  for (const { property, name } of runColumns) {
    const value = (run as Row)[property];
    if (value !== undefined) row[name] = value;
  }
  return row;
}
