import type { Position } from 'geojson';
import type { Cell, Grid } from './grid.js';

/**
 * Hexagons with two sides to the north and the south, in columns of which every odd one is half a cell higher: cell 0, 0
 * has its middle at the origin. A cell is the part of the plane that is nearer to its middle than to any other.
 */
export function hexagonGrid(side: number): Grid {
  const height = side * Math.sqrt(3);
  const width = 1.5 * side;
  const raised = (i: number): number => (i % 2 === 0 ? 0 : 0.5);
  const rowAt = (y: number, i: number): number => Math.floor(y / height - raised(i) + 0.5);
  const middleOf = ([i, j]: Cell): Position => [width * i, height * (j + raised(i))];
  return {
    middleOf,
    cellAt([x, y]) {
      const west = Math.floor(x! / width);
      const [one, other] = [west, west + 1].map((i): Cell => [i, rowAt(y!, i)]) as [Cell, Cell];
      return squared(middleOf(one), x!, y!) <= squared(middleOf(other), x!, y!) ? one : other;
    },
    columnsOver: ([west, , east]) => [
      Math.ceil((west / side - 1) / 1.5),
      Math.floor((east / side + 1) / 1.5),
    ],
    rowsOver: ([, south, , north], i) => [rowAt(south, i), rowAt(north, i)],
    ringOf(cell) {
      const [x, y] = middleOf(cell) as [number, number];
      const [far, near, half] = [side, side / 2, height / 2];
      return [
        [x - far, y],
        [x - near, y - half],
        [x + near, y - half],
        [x + far, y],
        [x + near, y + half],
        [x - near, y + half],
        [x - far, y],
      ];
    },
  };
}

const squared = ([mx, my]: Position, x: number, y: number): number =>
  (mx! - x) * (mx! - x) + (my! - y) * (my! - y);
