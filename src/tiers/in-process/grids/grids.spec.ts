import { assert, constantFrom, double, property, tuple } from 'fast-check';
import type { Position } from 'geojson';
import { expect, it } from 'vitest';
import { cellsOver } from './grid.js';
import { hexagonGrid } from './hexagon-grid.js';
import { squareGrid } from './square-grid.js';

const place = (most: number) => double({ min: -most, max: most, noNaN: true });

/** By how much a place lies left of the nearest side of a ring that runs counter-clockwise: negative is outside. */
const inside = (ring: Position[], [x, y]: Position): number =>
  Math.min(
    ...ring.slice(1).map((to, at) => {
      const from = ring[at]!;
      const [dx, dy] = [to[0]! - from[0]!, to[1]! - from[1]!];
      return (dx * (y! - from[1]!) - dy * (x! - from[0]!)) / Math.hypot(dx, dy);
    }),
  );

it('every place lies in its cell, and every place of an extent in one of the cells over it', () => {
  assert(
    property(
      constantFrom(squareGrid, hexagonGrid),
      double({ min: 0.7, max: 40, noNaN: true }),
      tuple(place(50), place(50)),
      tuple(place(9), place(9)),
      (gridOf, size, [x, y], [left, down]) => {
        const grid = gridOf(size);
        const cell = grid.cellAt([x, y]);
        expect(inside(grid.ringOf(cell), [x, y])).toBeGreaterThan(-1e-9);
        expect(inside(grid.ringOf(cell), grid.middleOf(cell))).toBeGreaterThan(size * 0.49);
        const [dx, dy] = [Math.abs(left), Math.abs(down)];
        const cells = cellsOver(grid, [x - dx, y - dy, x + dx, y + dy], 1e6);
        expect(cells.map((one) => one.join())).toContain(cell.join());
      },
    ),
  );
});
