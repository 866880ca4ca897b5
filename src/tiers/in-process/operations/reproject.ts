import type { Geometry, Position } from 'geojson';
import proj4 from 'proj4';
import { type Crs, type FeatureRecord, findCrs } from '../../../geometry-codecs/worker.js';
import { invalidInput } from '../../../shared/app-error.js';
import type { Operation } from './operation.js';
import { nameOf } from './preparation.js';

class OutsideOfProjection extends Error {}

/** Every position in another coordinate system; heights are kept. Edges are not given extra vertices. */
export const reproject: Operation = ({ expression, progress }) => {
  const { features, crs } = expression.features('features');
  const source = crsOf(expression.text('sourceCrs'), 'sourceCrs') ?? crs;
  const target = crsOf(expression.text('targetCrs'), 'targetCrs')!;
  const convert = converter(source, target);
  const result = features.map((feature, index): FeatureRecord => {
    progress((index / features.length) * 100, `Reprojecting feature ${index + 1} of ${features.length}`);
    try {
      return { ...feature, geometry: feature.geometry && mapPositions(feature.geometry, convert) };
    } catch (error) {
      if (!(error instanceof OutsideOfProjection)) throw error;
      const message = `${nameOf(feature, index)} has a position that ${target.name} cannot show: ${error.message}`;
      throw invalidInput(`/inputs/features: ${message}`, [{ path: '/inputs/features', message }]);
    }
  });
  return { result: { features: result, crs: target } };
};

function crsOf(name: string | undefined, input: string): Crs | undefined {
  if (name === undefined) return undefined;
  const crs = findCrs(name);
  if (!('message' in crs)) return crs;
  throw invalidInput(`/inputs/${input}: ${crs.message}`, [
    { path: `/inputs/${input}`, message: crs.message },
  ]);
}

function converter(source: Crs, target: Crs): (position: Position) => Position {
  if (source.proj === target.proj) return (position) => position;
  const { forward } = proj4(source.proj, target.proj);
  return (position) => {
    const [x, y] = position as [number, number];
    const converted = tryForward(forward, [x, y]);
    if (!converted?.every(Number.isFinite)) throw new OutsideOfProjection(`${x}, ${y}`);
    return position.length > 2 ? [converted[0]!, converted[1]!, position[2]!] : converted;
  };
}

/** proj4 throws a plain error where a formula gives no number. */
function tryForward(forward: (position: number[]) => number[], position: number[]): number[] | undefined {
  try {
    return forward(position);
  } catch {
    return undefined;
  }
}

function mapPositions(geometry: Geometry, convert: (position: Position) => Position): Geometry {
  if (geometry.type === 'GeometryCollection') {
    return { type: geometry.type, geometries: geometry.geometries.map((one) => mapPositions(one, convert)) };
  }
  const map = (coordinates: unknown[]): unknown[] =>
    typeof coordinates[0] === 'number'
      ? convert(coordinates as Position)
      : coordinates.map((inner) => map(inner as unknown[]));
  return { type: geometry.type, coordinates: map(geometry.coordinates) } as Geometry;
}
