import type { FeatureStyle, Surface, Work } from '../../execution/index.js';
import {
  type Crs,
  findCrs,
  type FeatureSet,
  type Geos,
  mapPositions,
  OutsideOfProjection,
  positionConverter,
  readFeatures,
  writeEsriFeatures,
  writeFeatureCollection,
} from '../../geometry-codecs/worker.js';
import type { InputDefinition, ProcessDefinition, RawValue } from '../../registry/worker.js';
import { AppError } from '../../shared/app-error.js';
import { readLayerHref } from '../../shared/layer-reference.js';
import { parseDuration } from '../../shared/quantities.js';
import { esriRecordSet, esriValueTable } from '../envelopes/esri-table.js';
import { esriDate, esriDuration } from '../envelopes/esri-time.js';
import { readGeoservicesRequest } from '../envelopes/geoservices.js';
import { itemIdOf } from '../upload-item-id.js';
import { readOgcExecuteRequest } from '../envelopes/ogc-processes.js';

/** What an output is, and how it is wanted. */
export interface OutputParameters {
  type: 'features' | 'geojson' | 'object' | 'date' | 'duration' | 'table';
  style: FeatureStyle;
}

/** Which input of a stored request is wanted, and how. */
export interface InputParameters {
  surface: Surface;
  mediaType: string;
  definition: ProcessDefinition;
  id: string;
  style: FeatureStyle;
}

const NO_LIMITS = { maxFeatures: Infinity, maxVertices: Infinity };

/** A stored output as a GP value: features as a feature set, other structure as text, since GP knows no objects. */
export const writeGeoservicesOutput: Work<Geos> = ({ json, parameters, maxBytes }) => {
  const { type, style } = parameters as OutputParameters;
  const value = json();
  switch (type) {
    case 'geojson':
      return writeLonLat(value, maxBytes);
    case 'features':
      return writeFeatures(value, style, maxBytes);
    case 'date':
      return bytesOf(JSON.stringify(esriDate(value)));
    case 'duration':
      return bytesOf(JSON.stringify(esriDuration((parseDuration(value as string) ?? 0) / 1000)));
    case 'table':
      return bytesOf(JSON.stringify(esriRecordSet(value as Record<string, unknown>[])));
    case 'object':
      return bytesOf(JSON.stringify(JSON.stringify(value)));
  }
};

/** An input of a stored request as a GP value, whichever protocol it came by; null where it was not given. */
export const writeGeoservicesInput: Work<Geos> = ({ source, json, parameters, maxBytes }) => {
  const { surface, mediaType, definition, id, style } = parameters as InputParameters;
  const read = surface === 'geoservices' ? readGeoservicesRequest : readOgcExecuteRequest;
  const { inputs } = read({ bytes: source, mediaType, json }, definition);
  const input = definition.inputs[id]!;
  const raw = inputs.find(({ name }) => name === id || input.aliases.includes(name));
  const values = raw?.values ?? (input.default === undefined ? [] : [{ value: input.default, path: '' }]);
  if (values.length === 0) return bytesOf(input.type === 'features' ? '{}' : 'null');
  const { href } = values[0]!;
  if (href !== undefined) return bytesOf(JSON.stringify(referenceOf(href)));
  if (input.type === 'features') return writeFeatures(values[0]!.value, style, maxBytes);
  const plain = values.map((value) => plainValue(value, input));
  return bytesOf(JSON.stringify(input.maxOccurs === 1 ? plain[0] : plain));
};

/** What an input named, and was not sent: an upload by its item, a layer by its id, anything else by its URL. */
function referenceOf(href: string): object {
  const upload = /\/uploads\/([0-9a-f-]{36})(?:\/content)?$/.exec(href)?.[1];
  const layer = readLayerHref(href);
  if (layer) return { layerReference: layer.id, ...layer.selection };
  return upload === undefined ? { url: href } : { itemID: itemIdOf(upload) };
}

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text));

function writeFeatures(
  value: unknown,
  { crs, heights, withLayer }: FeatureStyle,
  maxBytes: number,
): Uint8Array<ArrayBuffer> {
  return writeEsriFeatures(readAll(value), {
    crs: crs === undefined ? undefined : knownCrs(crs),
    returnZ: heights,
    featureCollection: withLayer,
    maxBytes,
  });
}

/** GeoJSON as its standard has it: in longitude and latitude, whatever was computed in. Throws AppError. */
function writeLonLat(value: unknown, maxBytes: number): Uint8Array<ArrayBuffer> {
  const { features, crs } = readAll(value);
  const target = knownCrs('OGC:CRS84');
  const convert = positionConverter(crs, target);
  try {
    const converted = features.map((feature) => ({
      ...feature,
      geometry: feature.geometry && mapPositions(feature.geometry, convert),
    }));
    return writeFeatureCollection(converted, target, maxBytes);
  } catch (error) {
    if (!(error instanceof OutsideOfProjection)) throw error;
    throw new AppError('unsupported', 'outside-of-projection', 'The result has no longitude and latitude.');
  }
}

function readAll(value: unknown): FeatureSet {
  const set = readFeatures(value, { path: '', ...NO_LIMITS });
  if (Array.isArray(set))
    throw new AppError('internal', 'unreadable-features', 'Stored features cannot be read.');
  return set;
}

function knownCrs(name: string): Crs {
  const crs = findCrs(name);
  if ('message' in crs) throw new AppError('invalid-input', 'invalid-input', crs.message);
  return crs;
}

/** A quantity with Esri's words; a box as text, since GP has no type for it; everything else is what it is. */
function plainValue({ value }: RawValue, { type, columns }: InputDefinition): unknown {
  if (type === 'date') return esriDate(value);
  if (type === 'duration')
    return esriDuration(typeof value === 'number' ? value : (parseDuration(value as string) ?? 0) / 1000);
  if (type === 'table') {
    const rows = value as Record<string, unknown>[];
    return columns ? esriValueTable(rows, columns) : esriRecordSet(rows);
  }
  if (type === 'bbox') return JSON.stringify(value);
  if (type !== 'length' && type !== 'area') return value;
  const [member, unknown] =
    type === 'length' ? ['distance', 'esriUnknownUnits'] : ['area', 'esriUnknownAreaUnits'];
  const quantity = value as number | { value: number; unit?: string };
  if (typeof quantity === 'number') return { [member]: quantity, units: unknown };
  return { [member]: quantity.value, units: ESRI_UNITS[quantity.unit ?? ''] ?? unknown };
}

const ESRI_UNITS: Record<string, string> = {
  meters: 'esriMeters',
  kilometers: 'esriKilometers',
  centimeters: 'esriCentimeters',
  millimeters: 'esriMillimeters',
  feet: 'esriFeet',
  yards: 'esriYards',
  miles: 'esriMiles',
  'nautical-miles': 'esriNauticalMiles',
  'square-meters': 'esriSquareMeters',
  'square-kilometers': 'esriSquareKilometers',
  'square-centimeters': 'esriSquareCentimeters',
  'square-feet': 'esriSquareFeet',
  'square-yards': 'esriSquareYards',
  'square-miles': 'esriSquareMiles',
  ares: 'esriAres',
  hectares: 'esriHectares',
  acres: 'esriAcres',
};
