import type { Geometry } from 'geojson';
import type { Bounds, FeatureRecord } from '../../../geometry-codecs/worker.js';
import { type AppError, invalidInput } from '../../../shared/app-error.js';
import { FrameCells } from '../grids/frame-cells.js';
import { InverseDistance, type Sample } from '../inverse-distance.js';
import { GLOBE, PLANE } from '../proximity/metric.js';
import { AttributeNumbers } from './attribute-numbers.js';
import { distanceIn } from './distance-in.js';
import { extentOf } from './extent-input.js';
import type { Operation, OperationContext } from './operation.js';
import { placedFeatures } from './placed-features.js';
import { requireMeasurable } from './require-measurable.js';

/** Squares over an extent with the values that points around them let expect, by inverse distances. */
export const interpolateIdw: Operation = (context) => {
  const { expression, maxOutputFeatures, progress } = context;
  const { placed, bounds: around } = placedFeatures(context);
  const { bounds, crs } = extentOf(context, around);
  const { vector } = crs.geographic ? GLOBE : PLANE;
  const numbers = new AttributeNumbers(context, 'valueField', expression.features('features').features);
  const samples = placed.flatMap(({ feature, place }): Sample[] => {
    const value = numbers.of(feature);
    return value === undefined ? [] : [{ place: vector(place), value }];
  });
  numbers.report();
  if (samples.length === 0 || !bounds) throw wrong('features', 'no point has a number to interpolate');
  requireMeasurable([...samples.map(({ place }) => place), bounds], 'features');
  const { cells, input } = cellsIn(context, bounds);
  const values = new InverseDistance(samples, {
    power: expression.number('power')!,
    neighbours: expression.number('neighbours'),
    radius: expression.has('searchRadius') ? distanceIn(crs, expression.length('searchRadius')) : undefined,
  });
  const asPoints = expression.text('cellsAs') === 'points';
  const list = cells.all(maxOutputFeatures, input);
  const result = list.map((cell, at): FeatureRecord => {
    progress((at / list.length) * 100, `Interpolating cell ${at + 1} of ${list.length}`);
    const middle = cells.middleOf(cell);
    const geometry: Geometry = asPoints
      ? { type: 'Point', coordinates: middle }
      : { type: 'Polygon', coordinates: [cells.ringOf(cell)] };
    const [i, j] = cell;
    return { properties: { i, j, interpolated_value: values.at(vector(middle)) }, geometry };
  });
  return { result: { features: result, crs } };
};

/** Cells of the size that is given, or else so many along the longer side; and which input says so. */
function cellsIn({ expression }: OperationContext, bounds: Bounds): { cells: FrameCells; input: string } {
  const size = expression.number('cellSize');
  if (size !== undefined) return { cells: new FrameCells(bounds, size), input: 'cellSize' };
  const [west, south, east, north] = bounds;
  const longer = Math.max(east - west, north - south);
  if (longer === 0) throw wrong('extent', 'has no size: give another one, or the size of a cell');
  const resolution = expression.number('gridResolution')!;
  return { cells: new FrameCells(bounds, longer / resolution), input: 'gridResolution' };
}

const wrong = (input: string, message: string): AppError =>
  invalidInput(`/inputs/${input}: ${message}`, [{ path: `/inputs/${input}`, message }]);
