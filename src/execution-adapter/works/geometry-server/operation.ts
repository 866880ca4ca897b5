import type { Geometry, Position } from 'geojson';
import {
  type Crs,
  type EsriGeometryType,
  type Geos,
  mapPositions,
  OutsideOfProjection,
  type Pointer,
  positionConverter,
  writeEsriGeometry,
} from '../../../geometry-codecs/worker.js';
import { invalidInput } from '../../../shared/app-error.js';
import { fault, type GeometryRequest } from './geometry-request.js';
import type { Ground } from './ground.js';

export interface GeometryContext {
  request: GeometryRequest;
  geos: Geos;
  ground: Ground;
}

/** The answer as JSON; of its members only `geometries` may be large. */
export type GeometryAnswer = Record<string, unknown>;
export type GeometryOperation = (context: GeometryContext) => GeometryAnswer;

const EMPTY: Record<EsriGeometryType, () => object> = {
  esriGeometryPoint: () => ({ x: 'NaN', y: 'NaN' }),
  esriGeometryMultipoint: () => ({ points: [] }),
  esriGeometryPolyline: () => ({ paths: [] }),
  esriGeometryPolygon: () => ({ rings: [] }),
};

export function written(geometry: Geometry | null, type: EsriGeometryType): object {
  if (!geometry) return EMPTY[type]();
  return writeEsriGeometry(geometry, { z: true, m: true }, type === 'esriGeometryMultipoint');
}

/** An answer of as many geometries as came. */
export const answerOf = (type: EsriGeometryType, geometries: (Geometry | null)[]): GeometryAnswer => ({
  geometryType: type,
  geometries: geometries.map((one) => written(one, type)),
});

/** The engine knows heights but no measures. */
export const plain = (geometry: Geometry): Geometry =>
  mapPositions(geometry, (position: Position) => {
    if (position.length < 4) return position;
    return Number.isNaN(position[2]) ? position.slice(0, 2) : position.slice(0, 3);
  });

/** In the heap, repaired where it is invalid; null where nothing is left. */
export function prepared(geos: Geos, geometry: Geometry | null): Pointer | null {
  if (!geometry) return null;
  const pointer = geos.valid(geos.write(plain(geometry)));
  return geos.isEmpty(pointer) ? null : pointer;
}

/** From the heap, shells turned as GeoJSON has them. */
export const taken = (geos: Geos, pointer: Pointer): Geometry | null => geos.read(geos.orient(pointer));

/** Geometries from one system to another. Throws AppError where one has a position that the other cannot show. */
export function converter(source: Crs, target: Crs): <T extends Geometry>(geometry: T) => T {
  const convert = positionConverter(source, target);
  return (geometry) => {
    if (source.proj === target.proj) return geometry;
    try {
      return mapPositions(geometry, convert) as typeof geometry;
    } catch (error) {
      if (!(error instanceof OutsideOfProjection)) throw error;
      throw invalidInput(`There is a position that ${target.name} cannot show: ${error.message}.`);
    }
  };
}

/** Refuses geometries of another kind than an operation is about. */
export function requireType(name: string, type: EsriGeometryType, ...allowed: EsriGeometryType[]): void {
  if (!allowed.includes(type)) throw fault(name, `must be of type ${allowed.join(' or ')}, not ${type}`);
}
