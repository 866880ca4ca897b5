import type { Position } from 'geojson';
import type { Bounds } from '../../../geometry-codecs/worker.js';
import { invalidInput } from '../../../shared/app-error.js';

/** Column and row. */
export type Cell = [i: number, j: number];

/** Equal cells over the whole plane, of which one has its corner or its middle at the origin of the coordinates. */
export interface Grid {
  /** The cell that holds a place; on a border one of the cells beside it. */
  cellAt(place: Position): Cell;
  /** The columns that reach into bounds, first and last. */
  columnsOver(bounds: Bounds): [number, number];
  /** The rows of a column that do. */
  rowsOver(bounds: Bounds, i: number): [number, number];
  /** Counter-clockwise and closed. */
  ringOf(cell: Cell): Position[];
  middleOf(cell: Cell): Position;
}

/** Columns and rows are told as numbers of this size, by PostGIS too. */
const LARGEST_INDEX = 2 ** 31 - 2;

/** All cells over bounds, by column and row. Throws AppError `invalid-input` before it makes any where they are too many. */
export function cellsOver(grid: Grid, bounds: Bounds, most: number): Cell[] {
  const [first, last] = grid.columnsOver(bounds);
  // All even columns have the same rows, and so have all odd ones.
  const pair = [first, first + 1].map((column) => grid.rowsOver(bounds, column));
  const ends = [first, last, ...pair.flat()];
  if (!ends.every((end) => Math.abs(end) <= LARGEST_INDEX))
    throw tooSmall('the extent is too far from the origin for cells of this size');
  const columns = last - first + 1;
  const [rows, others] = pair.map(([south, north]) => north - south + 1) as [number, number];
  const count = Math.ceil(columns / 2) * rows + Math.floor(columns / 2) * others;
  if (count > most) throw tooSmall(`the grid would have more than ${most} cells`);
  const cells: Cell[] = [];
  for (let i = first; i <= last; i++) {
    const [south, north] = pair[(i - first) % 2]!;
    for (let j = south; j <= north; j++) cells.push([i, j]);
  }
  return cells;
}

const tooSmall = (message: string): Error =>
  invalidInput(`/inputs/cellSize: ${message}`, [{ path: '/inputs/cellSize', message }]);
