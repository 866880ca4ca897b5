import type { Geometry } from 'geojson';
import {
  EsriFault,
  type EsriGeometryType,
  esriGeometryType,
  isObject,
  readEsriGeometry,
  within,
} from '../../../geometry-codecs/worker.js';
import { AppError, invalidInput } from '../../../shared/app-error.js';

export interface GeometryLimits {
  maxFeatures: number;
  maxVertices: number;
}

/** Geometries of one kind; null where one is empty. */
export interface Shapes {
  type: EsriGeometryType;
  geometries: (Geometry | null)[];
}

const TYPES: Record<string, EsriGeometryType> = {
  esrigeometrypoint: 'esriGeometryPoint',
  esrigeometrymultipoint: 'esriGeometryMultipoint',
  esrigeometrypolyline: 'esriGeometryPolyline',
  esrigeometrypolygon: 'esriGeometryPolygon',
  esrigeometryenvelope: 'esriGeometryPolygon',
};
const DEFAULT_TYPE: EsriGeometryType = 'esriGeometryPoint';

/** Reads the forms in which clients send geometries, and counts what it reads over a whole request. */
export class GeometryReader {
  private features = 0;
  private vertices = 0;

  constructor(private readonly limits: GeometryLimits) {}

  /** `{geometryType, geometries}`, a bare array of geometries, or numbers separated by commas. */
  shapes(name: string, value: unknown): Shapes {
    return this.told(name, () => {
      if (typeof value === 'string') return this.simple(value);
      refuseUrl(value);
      const [list, declared] = isObject(value) ? [value.geometries, value.geometryType] : [value, undefined];
      if (!Array.isArray(list))
        throw new EsriFault('must be an array', isObject(value) ? ['geometries'] : []);
      const read = (): (Geometry | null)[] =>
        (list as unknown[]).map((one, index) => within(index, () => this.one(one)));
      const geometries = isObject(value) ? within('geometries', read) : read();
      return { type: commonType(geometries, declared), geometries };
    });
  }

  /** `{geometryType, geometry}`, or a bare geometry. */
  shape(name: string, value: unknown): { geometry: Geometry | null; type: EsriGeometryType } {
    return this.told(name, () => {
      if (typeof value === 'string') {
        const { geometries, type } = this.simple(value);
        if (geometries.length !== 1) throw new EsriFault('must be one geometry');
        return { geometry: geometries[0]!, type };
      }
      refuseUrl(value);
      const wrapped = isObject(value) && 'geometry' in value;
      const geometry = wrapped ? within('geometry', () => this.one(value.geometry)) : this.one(value);
      return { geometry, type: commonType([geometry], wrapped ? value.geometryType : undefined) };
    });
  }

  /** Points as `x1,y1,x2,y2`. */
  private simple(text: string): Shapes {
    const numbers = text.split(',').map((one) => (one.trim() === '' ? NaN : Number(one)));
    if (numbers.length % 2 !== 0 || !numbers.every(Number.isFinite))
      throw new EsriFault('must be geometries as JSON, or points as x1,y1,x2,y2');
    const geometries = Array.from({ length: numbers.length / 2 }, (_, i) =>
      this.one({ x: numbers[2 * i], y: numbers[2 * i + 1] }),
    );
    return { type: 'esriGeometryPoint', geometries };
  }

  private one(value: unknown): Geometry | null {
    const geometry = readEsriGeometry(value);
    this.features++;
    this.vertices += geometry ? countVertices(geometry) : 0;
    if (this.features > this.limits.maxFeatures)
      throw new AppError(
        'too-large',
        'too-many-geometries',
        `At most ${this.limits.maxFeatures} geometries are taken in one request.`,
      );
    if (this.vertices > this.limits.maxVertices)
      throw new AppError(
        'too-large',
        'too-many-vertices',
        `At most ${this.limits.maxVertices} vertices are taken in one request.`,
      );
    return geometry;
  }

  private told<T>(name: string, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof EsriFault)) throw error;
      const path = [name, ...error.path].join('/');
      throw invalidInput(`${path} ${error.message}`, [{ path: `/${path}`, message: error.message }]);
    }
  }
}

function refuseUrl(value: unknown): void {
  if (isObject(value) && 'url' in value)
    throw new EsriFault('must be the geometries themselves; this service fetches none from a url');
}

function commonType(geometries: (Geometry | null)[], declared: unknown): EsriGeometryType {
  const key = typeof declared === 'string' ? declared.toLowerCase() : '';
  if (declared !== undefined && declared !== null && !Object.hasOwn(TYPES, key))
    throw new EsriFault('is no geometry type of Esri', ['geometryType']);
  const found = new Set(geometries.flatMap((one) => (one ? [esriGeometryType(one)!] : [])));
  const [first] = found;
  const type = key === '' ? (first ?? DEFAULT_TYPE) : TYPES[key]!;
  if (found.size > 1 || (first !== undefined && first !== type))
    throw new EsriFault('must be geometries of one type, the one that geometryType says');
  return type;
}

function countVertices(geometry: Geometry): number {
  let count = 0;
  const walk = (coordinates: unknown[]): void => {
    if (typeof coordinates[0] === 'number') count++;
    else for (const inner of coordinates) walk(inner as unknown[]);
  };
  if (geometry.type !== 'GeometryCollection') walk(geometry.coordinates);
  return count;
}
