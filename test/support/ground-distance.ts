import geodesic from 'geographiclib-geodesic';
import type { Geometry, Position } from 'geojson';

const { WGS84 } = geodesic.Geodesic;
const RADIANS = Math.PI / 180;
const CANDIDATES = 12;

type Edge = [from: Position, to: Position];

/**
 * Distance on the ground from a position to a geometry whose edges are straight in longitude and latitude, by
 * GeographicLib alone: written apart from what it tests. Edges on the antimeridian and at a pole are cuts, no borders.
 */
export class GroundDistance {
  private readonly edges: { edge: Edge; samples: number[][] }[];

  constructor(geometry: Geometry) {
    this.edges = linesOf(geometry).flatMap((line) =>
      line.length === 1
        ? [withSamples([line[0]!, line[0]!])]
        : line
            .slice(1)
            .flatMap((to, i) => (isCut(line[i]!, to) ? [] : pieces(line[i]!, to).map(withSamples))),
    );
  }

  to([lon, lat]: Position): number {
    const here = vector(lon!, lat!);
    const near = this.edges
      .map(({ edge, samples }) => ({
        edge,
        squared: Math.min(...samples.map((there) => squaredChord(here, there))),
      }))
      .sort((a, b) => a.squared - b.squared)
      .slice(0, CANDIDATES);
    return Math.min(...near.map(({ edge }) => nearestOn(edge, lon!, lat!)));
  }
}

/** Every position of a polygon result that is no corner of a cut at the antimeridian or a pole. */
export function outerPositions(geometry: Geometry): Position[] {
  return linesOf(geometry)
    .flat()
    .filter(([lon, lat]) => Math.abs(Math.abs(lon!) - 180) > 1e-9 && Math.abs(lat!) < 90 - 1e-9);
}

function linesOf(geometry: Geometry): Position[][] {
  switch (geometry.type) {
    case 'Point':
      return [[geometry.coordinates]];
    case 'MultiPoint':
      return geometry.coordinates.map((one) => [one]);
    case 'LineString':
      return [geometry.coordinates];
    case 'MultiLineString':
    case 'Polygon':
      return geometry.coordinates;
    case 'MultiPolygon':
      return geometry.coordinates.flat();
    case 'GeometryCollection':
      return geometry.geometries.flatMap(linesOf);
  }
}

const isCut = (from: Position, to: Position): boolean =>
  (Math.abs(from[0]!) === 180 && Math.abs(to[0]!) === 180) ||
  (Math.abs(from[1]!) === 90 && from[1] === to[1]);

/** Long edges in parts of a degree; a jump over more than half the globe is the short way. */
function pieces(from: Position, to: Position): Edge[] {
  const span = to[0]! - from[0]!;
  const dLon = Math.abs(span) > 180 ? span - Math.sign(span) * 360 : span;
  const count = Math.max(1, Math.ceil(Math.max(Math.abs(dLon), Math.abs(to[1]! - from[1]!))));
  const at = (i: number): Position => [
    from[0]! + (dLon * i) / count,
    from[1]! + ((to[1]! - from[1]!) * i) / count,
  ];
  return Array.from({ length: count }, (_, i) => [at(i), at(i + 1)]);
}

function withSamples(edge: Edge): { edge: Edge; samples: number[][] } {
  const [[x0, y0], [x1, y1]] = edge as [[number, number], [number, number]];
  return { edge, samples: [0, 0.5, 1].map((t) => vector(x0 + (x1 - x0) * t, y0 + (y1 - y0) * t)) };
}

function vector(lon: number, lat: number): number[] {
  const cos = Math.cos(lat * RADIANS);
  return [cos * Math.cos(lon * RADIANS), cos * Math.sin(lon * RADIANS), Math.sin(lat * RADIANS)];
}

const squaredChord = (a: number[], b: number[]): number =>
  (a[0]! - b[0]!) ** 2 + (a[1]! - b[1]!) ** 2 + (a[2]! - b[2]!) ** 2;

/** Ternary search along the edge: the distance has one minimum there. */
function nearestOn([from, to]: Edge, lon: number, lat: number): number {
  const distance = (t: number): number =>
    WGS84.Inverse(lat, lon, from[1]! + (to[1]! - from[1]!) * t, from[0]! + (to[0]! - from[0]!) * t).s12!;
  let [low, high] = [0, 1];
  for (let round = 0; round < 60; round++) {
    const third = (high - low) / 3;
    if (distance(low + third) < distance(high - third)) high -= third;
    else low += third;
  }
  return Math.min(distance((low + high) / 2), distance(0), distance(1));
}
