import { AppError, type Fault } from '../../shared/app-error.js';
import { findCrs, type Crs, WGS84 } from '../crs/crs.js';
import type { FeatureRecord, FeatureSet } from '../geometry.js';
import { readWkt, WktFault } from '../wkt/read-wkt.js';
import { GeometryCheck, shapeKinds, TooManyVertices } from './geometry-check.js';
import { checkProperties } from './properties-check.js';
import { readCrsMember } from './crs-member.js';

export interface ReadLimits {
  maxFeatures: number;
  maxVertices: number;
}

export interface ReadOptions extends ReadLimits {
  /** JSON pointer to the value, for faults. */
  path: string;
  geometryTypes?: ('point' | 'line' | 'polygon')[];
  /** Features already read from other inputs of the request. */
  alreadyRead?: { features: number; vertices: number };
}

const MOST_FAULTS = 20;

type Document = { [key: string]: unknown };

/**
 * A FeatureCollection, Feature, bare geometry or WKT text to checked features, or the faults in it. Throws AppError
 * `too-large` beyond the limits.
 */
export function readFeatures(value: unknown, options: ReadOptions): FeatureSet | Fault[] {
  const { path } = options;
  if (typeof value === 'string') return readText(value, options);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [{ path, message: 'must be a GeoJSON FeatureCollection, Feature or geometry, or WKT text' }];
  }
  const document = value as Document;
  const crs = readCrsMember(document.crs);
  if ('message' in crs) return [{ path: `${path}/crs`, message: crs.message }];
  if (document.type === 'FeatureCollection') {
    if (!Array.isArray(document.features))
      return [{ path: `${path}/features`, message: 'must be an array of features' }];
    return new FeatureReading(crs, options).all(document.features, `${path}/features`);
  }
  const feature =
    document.type === 'Feature' ? document : { type: 'Feature', properties: null, geometry: document };
  const at = document.type === 'Feature' ? path : undefined;
  return new FeatureReading(crs, options).one(feature, at);
}

function readText(text: string, options: ReadOptions): FeatureSet | Fault[] {
  try {
    const { geometry, srid } = readWkt(text);
    const crs = srid === undefined ? WGS84 : findCrs(`EPSG:${srid}`);
    if ('message' in crs) return [{ path: options.path, message: crs.message }];
    return new FeatureReading(crs, options).one({ type: 'Feature', properties: null, geometry });
  } catch (error) {
    if (error instanceof WktFault) return [{ path: options.path, message: error.message }];
    throw error;
  }
}

class FeatureReading {
  private readonly faults: Fault[] = [];
  private readonly check: GeometryCheck;
  private readonly features: FeatureRecord[] = [];

  constructor(
    private readonly crs: Crs,
    private readonly options: ReadOptions,
  ) {
    const maxVertices = options.maxVertices - (options.alreadyRead?.vertices ?? 0);
    this.check = new GeometryCheck({ maxVertices, geographic: crs.geographic });
  }

  all(list: unknown[], path: string): FeatureSet | Fault[] {
    const { maxFeatures, alreadyRead } = this.options;
    if (list.length + (alreadyRead?.features ?? 0) > maxFeatures) {
      throw new AppError('too-large', 'too-many-features', `${path}: more than ${maxFeatures} features.`);
    }
    for (let i = 0; i < list.length && this.faults.length < MOST_FAULTS; i++)
      this.feature(list[i], `${path}/${i}`);
    return this.result();
  }

  /** Without a path it is a bare geometry, which faults point into directly. */
  one(feature: Document, path?: string): FeatureSet | Fault[] {
    this.feature(feature, path ?? this.options.path, path === undefined);
    return this.result();
  }

  private result(): FeatureSet | Fault[] {
    if (this.faults.length > 0) return this.faults;
    const { vertices, bbox } = this.check;
    return { features: this.features, crs: this.crs, vertices, ...(bbox && { bbox }) };
  }

  private feature(value: unknown, path: string, bare = false): void {
    if (typeof value !== 'object' || value === null || (value as Document).type !== 'Feature') {
      this.faults.push({ path, message: 'must be a GeoJSON Feature' });
      return;
    }
    const { id, properties = null, geometry = null } = value as Document;
    const wrongId = checkId(id);
    if (wrongId) this.faults.push({ path: `${path}/id`, message: wrongId });
    const wrong = checkProperties(properties);
    if (wrong) this.faults.push({ path: `${path}/properties`, message: wrong });
    if (geometry !== null) this.geometry(geometry, bare ? path : `${path}/geometry`);
    this.features.push({
      ...(id !== undefined && id !== null && { id }),
      properties,
      geometry,
    } as FeatureRecord);
  }

  private geometry(value: unknown, path: string): void {
    try {
      const checked = this.check.check(value);
      if ('fault' in checked) {
        const { path: inside, message } = checked.fault;
        this.faults.push({ path: [path, ...inside].join('/'), message });
        return;
      }
      const { geometryTypes } = this.options;
      if (!geometryTypes) return;
      const stranger = [...shapeKinds(checked.geometry)].find((kind) => !geometryTypes.includes(kind));
      if (stranger)
        this.faults.push({ path, message: `takes ${geometryTypes.join(' and ')} geometry, not ${stranger}` });
    } catch (error) {
      if (!(error instanceof TooManyVertices)) throw error;
      throw new AppError(
        'too-large',
        'too-many-vertices',
        `The request has more than ${this.options.maxVertices} vertices.`,
      );
    }
  }
}

function checkId(id: unknown): string | undefined {
  if (id === undefined || id === null || typeof id === 'string' || Number.isFinite(id)) return undefined;
  return 'must be a text or a number';
}
