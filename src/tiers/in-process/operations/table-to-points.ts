import { type FeatureRecord, WGS84 } from '../../../geometry-codecs/worker.js';
import type { Cell } from '../../../registry/worker.js';
import { invalidInput } from '../../../shared/app-error.js';
import { crsInput } from './crs-input.js';
import type { Operation } from './operation.js';

/** A point for each row, at the coordinates that two or three of its columns have; a row without them has no geometry. */
export const tableToPoints: Operation = ({ expression, messages }) => {
  const rows = expression.rows('table');
  const crs = crsInput(expression.text('crs'), 'crs') ?? WGS84;
  const columns = ['x', 'y', 'z'].flatMap((axis) => expression.text(axis) ?? []);
  for (const column of columns)
    if (rows.length > 0 && !rows.some((row) => Object.hasOwn(row, column)))
      throw invalidInput(`/inputs/table: no row has the column ${column}.`, [
        { path: '/inputs/table', message: `no row has the column ${column}` },
      ]);
  let nowhere = 0;
  const features = rows.map((row): FeatureRecord => {
    const position = columns.map((column) => numberIn(row[column]));
    const complete = position.every((one) => one !== undefined);
    if (!complete) nowhere += 1;
    return {
      properties: row,
      geometry: complete ? { type: 'Point', coordinates: position } : null,
    };
  });
  if (nowhere > 0)
    messages.push({
      level: 'warning',
      text: `${nowhere} row(s) have no geometry: a coordinate is no number.`,
    });
  return { result: { features, crs } };
};

/** Tables of text have their numbers as text. */
function numberIn(cell: Cell | undefined): number | undefined {
  const value = typeof cell === 'string' && cell.trim() !== '' ? Number(cell) : cell;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
