import type { Position } from 'geojson';
import type { Bounds } from '../../../geometry-codecs/worker.js';
import { invalidInput } from '../../../shared/app-error.js';
import type { Cell } from './grid.js';
import { squareGrid } from './square-grid.js';

/** What of a part of a cell is only by rounding. */
const ROUNDING = 1e-9;

/** Squares that fill a frame, from its south-west corner on; the last may stand out to the east and to the north. */
export class FrameCells {
  private readonly grid;
  private readonly columns: number;
  private readonly rows: number;

  constructor(
    private readonly frame: Bounds,
    readonly size: number,
  ) {
    this.grid = squareGrid(size);
    const [west, south, east, north] = frame;
    this.columns = Math.max(1, Math.ceil((east - west) / size - ROUNDING));
    this.rows = Math.max(1, Math.ceil((north - south) / size - ROUNDING));
  }

  /** By column and row. Throws AppError `invalid-input`, which names `input`, before it makes any where they are too many. */
  all(most: number, input: string): Cell[] {
    if (!(this.columns * this.rows <= most)) {
      const message = `the grid would have more than ${most} cells`;
      throw invalidInput(`/inputs/${input}: ${message}`, [{ path: `/inputs/${input}`, message }]);
    }
    return Array.from({ length: this.columns * this.rows }, (_, at): Cell => [
      Math.floor(at / this.rows),
      at % this.rows,
    ]);
  }

  middleOf(cell: Cell): Position {
    return this.moved(this.grid.middleOf(cell));
  }

  ringOf(cell: Cell): Position[] {
    return this.grid.ringOf(cell).map((corner) => this.moved(corner));
  }

  private moved([x, y]: Position): Position {
    return [this.frame[0] + x!, this.frame[1] + y!];
  }
}
