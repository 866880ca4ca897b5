import type { UsageRow } from '../../../control-plane/index.js';

const COLUMNS = [
  'day',
  'tenant',
  'process',
  'tier',
  'runs',
  'succeeded',
  'failed',
  'cancelled',
  'costUnits',
  'cpuMs',
  'wallMs',
  'bytes',
] as const satisfies (keyof UsageRow)[];

/** RFC 4180, with a header line. */
export const usageCsv = (rows: UsageRow[]): string =>
  [COLUMNS, ...rows.map((row) => COLUMNS.map((column) => row[column] ?? ''))]
    .map((line) => `${line.map(field).join(',')}\r\n`)
    .join('');

/** A text that a spreadsheet would take for a formula gets an apostrophe before it. */
function field(value: string | number): string {
  const text = typeof value === 'string' ? value.replace(/^[=+\-@\t\r]/, "'$&") : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
