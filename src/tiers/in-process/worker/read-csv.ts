import { parse } from 'csv-parse/sync';
import type { Row } from '../../../registry/worker.js';
import { invalidInput } from '../../../shared/app-error.js';

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * Rows of CSV (RFC 4180) with the names of the columns in its first line. A column whose every value is a number has
 * numbers, an empty value is null. Throws AppError `invalid-input`.
 */
export function readCsv(text: string, path: string): Row[] {
  let rows: Record<string, string>[];
  try {
    rows = parse(text, { bom: true, columns: true, skip_empty_lines: true, trim: true });
  } catch (error) {
    const message = `what it names is no CSV: ${(error as Error).message}`;
    throw invalidInput(`${path}: ${message}`, [{ path, message }]);
  }
  const numeric = Object.keys(rows[0] ?? {}).filter((name) =>
    rows.every((row) => row[name] === '' || NUMBER.test(row[name]!)),
  );
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, cell(value, numeric.includes(name))]),
    ),
  );
}

const cell = (text: string, isNumber: boolean): string | number | null =>
  text === '' ? null : isNumber ? Number(text) : text;
