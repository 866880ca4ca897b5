import type { Geometry, Position } from 'geojson';
import { type FeatureRecord, mapPositions } from '../../../geometry-codecs/worker.js';
import { AppError } from '../../../shared/app-error.js';
import { edgeLengthBound } from '../geodesic/degree-lengths.js';
import { wrap } from '../geodesic/projection.js';
import { asMeant } from './as-meant.js';
import { distanceIn } from './distance-in.js';
import { eachFeature } from './each-feature.js';
import type { Operation } from './operation.js';

/** More than this from one request is no map any more. */
const MOST_VERTICES = 5_000_000;

/** Vertices added along the edges until none is longer than asked; the shapes stay what they are. */
export const densify: Operation = (context) => {
  const { expression } = context;
  const { features, crs } = expression.features('features');
  const longest = distanceIn(crs, expression.length('maxSegmentLength'));
  const densifier = new Densifier(straight(crs.geographic ? edgeLengthBound : planarLength, longest));
  const result = eachFeature(context, features, 'Densifying', (feature): FeatureRecord => {
    const { geometry } = crs.geographic ? asMeant(context, feature) : feature;
    if (!geometry) return { ...feature, geometry };
    const dense = densifier.densify(geometry);
    return { ...feature, geometry: geometry === feature.geometry ? dense : backInRange(dense) };
  });
  return { result: { features: result, crs } };
};

/** The inner vertices of an edge that is cut into so many parts. */
export interface Edge {
  parts: number;
  at(part: number): Position;
}

/** Edges that stay what they are, cut into parts no longer than that. */
export const straight =
  (lengthOf: (from: Position, to: Position) => number, longest: number) =>
  (from: Position, to: Position): Edge => {
    const parts = Math.ceil(lengthOf(from, to) / longest);
    return { parts, at: (part) => from.map((value, axis) => value + (to[axis]! - value) * (part / parts)) };
  };

export const planarLength = (from: Position, to: Position): number =>
  Math.hypot(to[0]! - from[0]!, to[1]! - from[1]!);

/** Positions that were moved beyond ±180° to draw a line the short way, each moved back. */
export const backInRange = (geometry: Geometry): Geometry =>
  mapPositions(geometry, ([lon, ...rest]) => [wrap(lon!), ...rest]);

export class Densifier {
  private vertices = 0;

  constructor(private readonly cut: (from: Position, to: Position) => Edge) {}

  densify(geometry: Geometry): Geometry {
    switch (geometry.type) {
      case 'Point':
      case 'MultiPoint':
        return geometry;
      case 'LineString':
        return { type: geometry.type, coordinates: this.line(geometry.coordinates) };
      case 'MultiLineString':
      case 'Polygon':
        return { type: geometry.type, coordinates: geometry.coordinates.map((line) => this.line(line)) };
      case 'MultiPolygon':
        return {
          type: geometry.type,
          coordinates: geometry.coordinates.map((rings) => rings.map((ring) => this.line(ring))),
        };
      case 'GeometryCollection':
        return { type: geometry.type, geometries: geometry.geometries.map((one) => this.densify(one)) };
    }
  }

  private line(positions: Position[]): Position[] {
    const dense: Position[] = [positions[0]!];
    for (let i = 1; i < positions.length; i++) {
      const edge = this.cut(positions[i - 1]!, positions[i]!);
      this.count(Math.max(1, edge.parts));
      for (let part = 1; part < edge.parts; part++) dense.push(edge.at(part));
      dense.push(positions[i]!);
    }
    return dense;
  }

  private count(more: number): void {
    this.vertices += more;
    if (this.vertices <= MOST_VERTICES) return;
    throw new AppError(
      'too-large',
      'segments-too-short',
      `Segments this short would make more than ${MOST_VERTICES} vertices.`,
    );
  }
}
