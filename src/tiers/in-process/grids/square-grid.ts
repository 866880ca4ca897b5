import type { Grid } from './grid.js';

/** Squares with one corner at the origin: cell 0, 0 lies north-east of it. */
export const squareGrid = (size: number): Grid => ({
  cellAt: ([x, y]) => [Math.floor(x! / size), Math.floor(y! / size)],
  columnsOver: ([west, , east]) => [Math.floor(west / size), Math.floor(east / size)],
  rowsOver: ([, south, , north]) => [Math.floor(south / size), Math.floor(north / size)],
  middleOf: ([i, j]) => [size * (i + 0.5), size * (j + 0.5)],
  ringOf([i, j]) {
    const [west, south, east, north] = [size * i, size * j, size * (i + 1), size * (j + 1)];
    return [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ];
  },
});
