import type { Geometry, Position } from 'geojson';
import { crsUrn } from '../../shared/crs-reference.js';
import { mapPositions, OutsideOfProjection, positionConverter } from '../crs/convert.js';
import { type Crs, WGS84 } from '../crs/crs.js';
import type { FeatureRecord } from '../geometry.js';
import { EsriFault, isObject, type JsonObject, within } from './esri-fault.js';
import { readEsriGeometry } from './read-geometry.js';
import { readSpatialReference } from './spatial-reference.js';

/** What objects of feature sets are called by where nothing says so, in lower case. */
const ID_NAMES = ['objectid', 'fid', 'oid', 'objectid_1'];
const GEOMETRY_MEMBERS = ['x', 'points', 'paths', 'rings', 'curvePaths', 'curveRings', 'xmin'];

/** GeoJSON by its text, not checked yet: ids, limits and positions are looked at by whoever reads it. */
export interface FeatureCollectionDocument {
  type: 'FeatureCollection';
  crs: { type: 'name'; properties: { name: string } };
  features: ({ type: 'Feature' } & FeatureRecord)[];
}

export interface EsriFeatures {
  document: FeatureCollectionDocument;
  crs: Crs;
  /** Whether positions had measures, which were left behind. */
  hadMeasures: boolean;
}

/**
 * What clients send for a feature set to GeoJSON: a feature set, a layer or feature collection about one, one feature or
 * one geometry. What it does not say is taken from the geometries (their type, and the spatial reference of the first);
 * unknown members are ignored. Everything comes in one system: `into`, else the set's own. Measures are left behind.
 * Throws EsriFault.
 */
export function readEsriFeatures(value: unknown, into?: Crs): EsriFeatures {
  const set = featureSetIn(value);
  const own = referenceOf(set) ?? into ?? WGS84;
  const crs = into ?? own;
  const converters = new Converters(own, crs);
  const idName = idNameOf(set);
  const features = within('features', () =>
    list(set.features).map((feature, index) =>
      within(index, () => readFeature(feature, { set, idName, converters })),
    ),
  );
  const hadMeasures = converters.droppedMeasures;
  const name = { type: 'name' as const, properties: { name: crsUrn(crs.name) } };
  return { document: { type: 'FeatureCollection', crs: name, features }, crs, hadMeasures };
}

/** Whether a value is meant as Esri JSON. GeoJSON says its type; Esri JSON never does. */
export const isEsriFeatures = (value: unknown): boolean =>
  isObject(value) &&
  typeof value.type !== 'string' &&
  ['features', 'featureSet', 'layers', 'geometry', 'attributes', ...GEOMETRY_MEMBERS].some((key) =>
    Object.hasOwn(value, key),
  );

function featureSetIn(value: unknown): JsonObject {
  if (!isObject(value)) throw new EsriFault('must be a feature set');
  if (isObject(value.featureSet)) return { ...described(value.layerDefinition), ...value.featureSet };
  if (Array.isArray(value.layers)) {
    const [only, ...others] = value.layers as unknown[];
    if (!isObject(only) || others.length > 0) throw new EsriFault('must have exactly one layer', ['layers']);
    return within('layers', () => within(0, () => featureSetIn(only)));
  }
  if (value.features !== undefined) return value;
  if (isObject(value.geometry) || isObject(value.attributes)) return { features: [value] };
  if (GEOMETRY_MEMBERS.some((key) => Object.hasOwn(value, key)))
    return { features: [{ attributes: {}, geometry: value }] };
  throw new EsriFault('must be a feature set: an object with an array of features');
}

const described = (definition: unknown): JsonObject =>
  isObject(definition) ? { fields: definition.fields, objectIdFieldName: definition.objectIdField } : {};

function list(features: unknown): unknown[] {
  if (!Array.isArray(features)) throw new EsriFault('must be an array of features');
  return features;
}

function referenceOf(set: JsonObject): Crs | undefined {
  const own = within('spatialReference', () => readSpatialReference(set.spatialReference));
  if (own || !Array.isArray(set.features)) return own;
  for (const [index, feature] of (set.features as unknown[]).entries()) {
    if (!isObject(feature) || !isObject(feature.geometry)) continue;
    const { spatialReference } = feature.geometry;
    const path = ['features', index, 'geometry', 'spatialReference'];
    try {
      return readSpatialReference(spatialReference);
    } catch (error) {
      throw error instanceof EsriFault ? new EsriFault(error.message, path) : error;
    }
  }
  return undefined;
}

function idNameOf({ objectIdFieldName, fields }: JsonObject): string | undefined {
  if (typeof objectIdFieldName === 'string' && objectIdFieldName !== '') return objectIdFieldName;
  if (!Array.isArray(fields)) return undefined;
  const field = (fields as unknown[]).find((one) => isObject(one) && one.type === 'esriFieldTypeOID');
  return isObject(field) && typeof field.name === 'string' ? field.name : undefined;
}

/** Conversions into one system, made once for each system met. */
class Converters {
  /** Measures mean nothing to the engine; whether there were any is worth telling. */
  droppedMeasures = false;
  private readonly made = new Map<string, (geometry: Geometry) => Geometry>();

  constructor(
    private readonly own: Crs,
    private readonly target: Crs,
  ) {}

  convert(geometry: Geometry, source: Crs = this.own): Geometry {
    if (source.proj === this.target.proj) return geometry;
    let convert = this.made.get(source.proj);
    if (!convert) {
      const each = positionConverter(source, this.target);
      convert = (one) => mapPositions(one, each);
      this.made.set(source.proj, convert);
    }
    try {
      return convert(geometry);
    } catch (error) {
      if (!(error instanceof OutsideOfProjection)) throw error;
      throw new EsriFault(`has a position that ${this.target.name} cannot show: ${error.message}`);
    }
  }
}

function readFeature(
  value: unknown,
  { set, idName, converters }: { set: JsonObject; idName?: string; converters: Converters },
): FeatureCollectionDocument['features'][number] {
  if (!isObject(value)) throw new EsriFault('must be a feature, an object with geometry and attributes');
  const attributes = value.attributes ?? null;
  if (attributes !== null && !isObject(attributes)) throw new EsriFault('must be an object', ['attributes']);
  const geometry = within('geometry', () => {
    const read = readEsriGeometry(value.geometry, set);
    const own = isObject(value.geometry) ? readSpatialReference(value.geometry.spatialReference) : undefined;
    if (!read) return null;
    const flat = withoutMeasures(read);
    if (flat.dropped) converters.droppedMeasures = true;
    return converters.convert(flat.geometry, own);
  });
  const id = attributes && idOf(attributes, idName);
  return {
    type: 'Feature',
    ...(id !== undefined && id !== null && { id }),
    properties: attributes ?? {},
    geometry,
  };
}

function idOf(attributes: JsonObject, idName: string | undefined): string | number | undefined {
  const key = idName ?? Object.keys(attributes).find((name) => ID_NAMES.includes(name.toLowerCase()));
  const id = key !== undefined && Object.hasOwn(attributes, key) ? attributes[key] : undefined;
  return typeof id === 'string' || (typeof id === 'number' && Number.isFinite(id)) ? id : undefined;
}

/** The engine knows heights but no measures. */
function withoutMeasures(geometry: Geometry): { geometry: Geometry; dropped: boolean } {
  let dropped = false;
  const flat = mapPositions(geometry, (position: Position) => {
    if (position.length < 4) return position;
    dropped = true;
    return Number.isNaN(position[2]) ? position.slice(0, 2) : position.slice(0, 3);
  });
  return { geometry: flat, dropped };
}
