import type { Fault } from '../shared/app-error.js';
import type { ColumnDefinition } from './process-definition.js';

export type Cell = string | number | boolean | null;
export type Row = Record<string, Cell>;

/** Rows without geometry. */
export interface Table {
  rows: Row[];
}

/** An array of objects of plain values, by its columns where they are declared; or what is wrong with it. */
export function readTable(
  value: unknown,
  path: string,
  columns: Record<string, ColumnDefinition> | undefined,
): Table | Fault[] {
  if (!Array.isArray(value)) return [{ path, message: 'must be an array of rows, each an object' }];
  const faults = value.flatMap((row: unknown, index) => faultsOf(row, `${path}/${index}`, columns));
  return faults.length > 0 ? faults : { rows: value as Row[] };
}

function faultsOf(row: unknown, path: string, columns: Record<string, ColumnDefinition> = {}): Fault[] {
  if (typeof row !== 'object' || row === null || Array.isArray(row))
    return [{ path, message: 'must be an object of column names and values' }];
  const declared = Object.entries(columns);
  const cells = Object.entries(row as Record<string, unknown>);
  if (declared.length === 0)
    return cells.flatMap(([name, cell]) =>
      cell === null || ['string', 'number', 'boolean'].includes(typeof cell)
        ? []
        : [{ path: `${path}/${name}`, message: 'must be a text, a number, true, false or null' }],
    );
  const names = declared.map(([name]) => name);
  return [
    ...cells
      .filter(([name]) => !names.includes(name))
      .map(([name]) => ({
        path: `${path}/${name}`,
        message: `is no column; the columns are ${names.join(', ')}`,
      })),
    ...declared.flatMap(([name, column]) => {
      const message = wrongCell(Object.hasOwn(row, name) ? (row as Row)[name] : undefined, column);
      return message ? [{ path: `${path}/${name}`, message }] : [];
    }),
  ];
}

function wrongCell(cell: unknown, { type, enum: choices }: ColumnDefinition): string | undefined {
  if (cell === undefined) return 'is required';
  if (type === 'number') return Number.isFinite(cell) ? undefined : 'must be a finite number';
  if (typeof cell !== 'string') return 'must be a text';
  return choices && !choices.includes(cell) ? `must be one of ${choices.join(', ')}` : undefined;
}
