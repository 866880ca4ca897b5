import type { Bounds, FeatureRecord } from '../../../geometry-codecs/worker.js';
import { metersPerLatitude, metersPerLongitude } from '../geodesic/degree-lengths.js';
import { cellsOver } from '../grids/grid.js';
import { hexagonGrid } from '../grids/hexagon-grid.js';
import { KernelDensity, type Weighted } from '../kernel-density.js';
import { GLOBE, PLANE } from '../proximity/metric.js';
import { AttributeNumbers } from './attribute-numbers.js';
import { distanceIn } from './distance-in.js';
import { extentOf } from './extent-input.js';
import type { Operation } from './operation.js';
import { placedFeatures } from './placed-features.js';
import { requireMeasurable } from './require-measurable.js';

/** A cell's side is this part of the radius where the request names none. */
const SIDES = 4;

/** Hexagons with the density of the points around their middles. */
export const heatmap: Operation = (context) => {
  const { expression, maxOutputFeatures, progress } = context;
  const { features, crs } = expression.features('features');
  const { placed, bounds: around } = placedFeatures(context);
  const radius = distanceIn(crs, expression.length('radius'));
  const wider = crs.geographic ? widerOnGround : widerInPlane;
  const { bounds } = extentOf(context, around && wider(around, radius));
  const { vector } = crs.geographic ? GLOBE : PLANE;
  const numbers = new AttributeNumbers(context, 'weightField', features);
  const isWeighted = expression.has('weightField');
  const places = placed.flatMap(({ feature, place }): Weighted[] => {
    const weight = isWeighted ? numbers.of(feature) : 1;
    return weight === undefined ? [] : [{ place: vector(place), weight }];
  });
  numbers.report();
  if (!bounds) return { result: { features: [], crs } };
  requireMeasurable([...places.map(({ place }) => place), bounds], 'features');
  const size =
    expression.number('cellSize') ?? (crs.geographic ? radius / metersPerLatitude(0) : radius) / SIDES;
  const grid = hexagonGrid(size);
  const cells = cellsOver(grid, bounds, maxOutputFeatures);
  const density = new KernelDensity(places, radius);
  const result = cells.flatMap((cell, at): FeatureRecord[] => {
    progress((at / cells.length) * 100, `Measuring cell ${at + 1} of ${cells.length}`);
    const value = density.at(vector(grid.middleOf(cell)));
    if (value === 0 && !expression.flag('emptyCells')) return [];
    const [i, j] = cell;
    const geometry = { type: 'Polygon' as const, coordinates: [grid.ringOf(cell)] };
    return [{ properties: { i, j, density: value }, geometry }];
  });
  return { result: { features: result, crs } };
};

const widerInPlane = ([west, south, east, north]: Bounds, by: number): Bounds => [
  west - by,
  south - by,
  east + by,
  north + by,
];

/** In longitude and latitude by metres on the ground, no farther than the poles and the antimeridian. */
function widerOnGround([west, south, east, north]: Bounds, by: number): Bounds {
  const height = by / metersPerLatitude(0);
  const [low, high] = [Math.max(-90, south - height), Math.min(90, north + height)];
  const width = Math.min(360, by / metersPerLongitude(Math.max(-low, high)));
  return [Math.max(-180, west - width), low, Math.min(180, east + width), high];
}
