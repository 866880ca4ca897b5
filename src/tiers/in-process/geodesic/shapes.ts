import type { Geometry, Position } from 'geojson';

/** One polygon: the area it covers, and the part of its outline that is a border on the globe. */
export interface Area {
  rings: Position[][];
  outline: Position[][];
}

/** A geometry taken apart into its simple members. */
export interface Shapes {
  points: Position[];
  lines: Position[][];
  areas: Area[];
}

export function shapesOf(geometry: Geometry, into: Shapes = { points: [], lines: [], areas: [] }): Shapes {
  switch (geometry.type) {
    case 'Point':
      into.points.push(geometry.coordinates);
      break;
    case 'MultiPoint':
      into.points.push(...geometry.coordinates);
      break;
    case 'LineString':
      into.lines.push(geometry.coordinates);
      break;
    case 'MultiLineString':
      into.lines.push(...geometry.coordinates);
      break;
    case 'Polygon':
      into.areas.push(areaOf(geometry.coordinates));
      break;
    case 'MultiPolygon':
      into.areas.push(...geometry.coordinates.map(areaOf));
      break;
    case 'GeometryCollection':
      for (const one of geometry.geometries) shapesOf(one, into);
  }
  return into;
}

const areaOf = (rings: Position[][]): Area => ({ rings, outline: rings });

/** Every position of a geometry. */
export function positionsOf(geometry: Geometry): Position[] {
  const { points, lines, areas } = shapesOf(geometry);
  return [points, ...lines, ...areas.flatMap(({ rings }) => rings)].flat();
}
