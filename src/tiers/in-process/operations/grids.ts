import type { FeatureRecord } from '../../../geometry-codecs/worker.js';
import { type Contents, EMPTY, statisticsOf } from '../grids/cell-contents.js';
import { cellsOver, type Grid } from '../grids/grid.js';
import { hexagonGrid } from '../grids/hexagon-grid.js';
import { squareGrid } from '../grids/square-grid.js';
import { AttributeNumbers } from './attribute-numbers.js';
import { extentOf } from './extent-input.js';
import type { Operation } from './operation.js';
import { placedFeatures } from './placed-features.js';

/** The cells of a grid over an extent, with how many features lie in each and the statistics of an attribute of theirs. */
const gridding =
  (gridOf: (size: number) => Grid): Operation =>
  (context) => {
    const { expression, maxOutputFeatures, progress } = context;
    const features = expression.optionalFeatures('features')?.features;
    const { placed, bounds: around } = placedFeatures(context);
    const { bounds, crs } = extentOf(context, around);
    const numbers = new AttributeNumbers(context, 'attribute', features ?? []);
    if (!bounds) return { result: { features: [], crs } };
    const grid = gridOf(expression.number('cellSize')!);
    const cells = cellsOver(grid, bounds, maxOutputFeatures);
    progress(80, 'Making cells');
    const filled = new Map<string, Contents>();
    for (const { feature, place } of placed) {
      const key = grid.cellAt(place).join();
      const contents = filled.get(key) ?? { count: 0, numbers: [] };
      filled.set(key, contents);
      contents.count += 1;
      const value = numbers.of(feature);
      if (value !== undefined) contents.numbers.push(value);
    }
    numbers.report();
    const attribute = expression.text('attribute');
    const told = features && statisticsOf(attribute);
    const result = cells.flatMap((cell): FeatureRecord[] => {
      const contents = filled.get(cell.join()) ?? EMPTY;
      if (features && contents.count === 0 && !expression.flag('emptyCells')) return [];
      const [i, j] = cell;
      const geometry = { type: 'Polygon' as const, coordinates: [grid.ringOf(cell)] };
      return [{ properties: { i, j, ...told?.(contents) }, geometry }];
    });
    return { result: { features: result, crs } };
  };

export const squares = gridding(squareGrid);
export const hexagons = gridding(hexagonGrid);
