import {
  EsriFault,
  isEsriFeatures,
  readEsriFeatures,
  readSpatialReference,
} from '../../geometry-codecs/worker.js';
import type { Crs } from '../../geometry-codecs/worker.js';
import type { InputDefinition } from '../../registry/worker.js';
import { AppError } from '../../shared/app-error.js';
import { layerHref, namesLayer, readLayerReference } from '../../shared/layer-reference.js';
import { readExtent } from './esri-extent.js';
import { readTable } from './esri-table.js';
import { readDate, readDuration } from './esri-time.js';
import { isObject } from './json-object.js';
import { metersInEsriUnit, squareMetersInEsriUnit } from './esri-units.js';
import { uploadIdOf } from '../upload-item-id.js';

const LONGEST_QUANTITY = 100;
const QUANTITY_TEXT = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*([A-Za-z][A-Za-z _-]*)?\s*$/i;

/** A parameter as it came: text of a form, or a value of a JSON body. */
export type Given = { text: string } | { value: unknown };

export interface Reading {
  /** JSON that stands in a form's text. Throws AppError. */
  json(text: string): unknown;
  /** The system that features are brought into; set by the first features of a request. */
  crs?: Crs;
  /** Takes what had to be left out, once for each reason. */
  note(text: string): void;
}

/** One value of a request in the form that the engine's own checks take. Throws EsriFault and AppError. */
export function readValue(given: Given, input: InputDefinition, reading: Reading): unknown {
  switch (input.type) {
    case 'features':
      return readFeatures(structure(given, reading), reading);
    case 'length':
      return readLength(structure(given, reading));
    case 'area':
      return readArea(structure(given, reading));
    case 'bbox':
      return readExtent(structure(given, reading));
    case 'date':
      return readDate(structure(given, reading));
    case 'duration':
      return readDuration(structure(given, reading));
    case 'file':
      return structure(given, reading); // what it names has been taken out before
    case 'table':
      return readTable(structure(given, reading), input);
    case 'crs':
      return readCrs(structure(given, reading));
    case 'number':
    case 'integer':
      return readNumber(plain(given));
    case 'boolean':
      return readBoolean(plain(given));
    case 'string':
      return readText(plain(given), input);
  }
}

const plain = (given: Given): unknown => ('text' in given ? given.text : given.value);

/** Text that looks like JSON as its value; other text as it is. */
function structure(given: Given, { json }: Reading): unknown {
  const value = plain(given);
  return typeof value === 'string' && /^\s*[[{]/.test(value) ? json(value) : value;
}

/** GeoJSON and WKT are taken too, as everywhere in this service. */
function readFeatures(value: unknown, reading: Reading): unknown {
  if (isObject(value) && !Array.isArray(value.features)) refuseReferences(value);
  if (!isEsriFeatures(value)) {
    if (isObject(value) && typeof value.type === 'string') return value;
    if (typeof value === 'string') return value;
  }
  const { document, crs, hadMeasures } = readEsriFeatures(value, reading.crs);
  if (hadMeasures) reading.note('Measures (M) of the features were left behind: they are not computed with.');
  reading.crs ??= crs;
  return document;
}

/** The URI of the layer that `{"layerReference": "roads"}` names, alone or with a selection; undefined where it names none. */
export function layerNamed(given: Given, reading: Reading): string | undefined {
  const value = structure(given, reading);
  if (!isObject(value) || !namesLayer(value)) return undefined;
  const read = readLayerReference(value);
  if (!Array.isArray(read)) return layerHref(read);
  throw new EsriFault(read[0]!.message, read[0]!.path.split('/').slice(1));
}

function refuseReferences(value: Record<string, unknown>): void {
  const key = ['url', 'portalItemID'].find((one) => typeof value[one] === 'string');
  if (key === undefined) return;
  throw new AppError(
    'unsupported',
    'input-by-reference',
    `Features by reference ('${key}') are not taken: send the features themselves, or upload them and name their itemID.`,
  );
}

/** The upload that `{"itemID"}` names, as a reference within this service; undefined for values that name none. */
export function uploadHref(given: Given, reading: Reading): string | undefined {
  const value = structure(given, reading);
  if (!isObject(value)) return undefined;
  const item = Object.entries(value).find(([key]) => key.toLowerCase() === 'itemid')?.[1];
  if (item === undefined) return undefined;
  const id = typeof item === 'string' ? uploadIdOf(item) : undefined;
  if (id === undefined) throw new EsriFault('has an itemID that is none; uploads tells one for each file');
  return `/uploads/${id}/content`;
}

/** The URL of a GPDataFile; undefined for values that name none. */
export function fileHref(given: Given, reading: Reading): string | undefined {
  const value = structure(given, reading);
  return isObject(value) && typeof value.url === 'string' && value.url !== '' ? value.url : undefined;
}

/** `{"distance","units"}`, `{"value","unit"}`, "5 Kilometers", or a number in the unit that the process declares. */
function readLength(value: unknown): unknown {
  const read = readQuantity(value, 'distance');
  if (!read) return value;
  const { number, unit = 'esriMeters' } = read;
  if (unit === 'esriUnknownUnits') return number;
  const meters = typeof unit === 'string' ? metersInEsriUnit(unit) : undefined;
  if (meters === undefined && typeof unit === 'string' && /degree/i.test(unit))
    throw new EsriFault(
      'has a unit of angle, which is no length on the ground; use esriMeters or another linear unit',
    );
  if (meters === undefined) throw new EsriFault('has units that are no linear unit, such as esriMeters');
  return { value: typeof number === 'number' ? number * meters : number, unit: 'meters' };
}

/** `{"area","units"}`, `{"value","unit"}`, "3 SquareKilometers", or a number in the unit that the process declares. */
function readArea(value: unknown): unknown {
  const read = readQuantity(value, 'area');
  if (!read) return value;
  const { number, unit = 'esriSquareMeters' } = read;
  if (unit === 'esriUnknownAreaUnits') return number;
  const square = typeof unit === 'string' ? squareMetersInEsriUnit(unit) : undefined;
  if (square === undefined) throw new EsriFault('has units that are no areal unit, such as esriSquareMeters');
  return { value: typeof number === 'number' ? number * square : number, unit: 'square-meters' };
}

/** A number with its unit; undefined for what the engine's own check is to look at: bare numbers, and what is neither. */
function readQuantity(
  value: unknown,
  member: 'distance' | 'area',
): { number: unknown; unit?: unknown } | undefined {
  if (typeof value === 'string') {
    const [, number, unit] = (value.length <= LONGEST_QUANTITY && QUANTITY_TEXT.exec(value)) || [];
    if (number === undefined) return undefined;
    const bare = member === 'distance' ? 'esriUnknownUnits' : 'esriUnknownAreaUnits';
    return { number: readNumber(number), unit: unit ?? bare };
  }
  if (!isObject(value) || !(member in value || 'units' in value)) return undefined;
  return { number: readNumber(value[member]), unit: value.units ?? undefined };
}

function readCrs(value: unknown): unknown {
  const isReference =
    isObject(value) || typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value));
  return isReference ? (readSpatialReference(value)?.name ?? value) : value;
}

/** The number a text says; a text that says none stays what it is, and is refused by the engine's own check. */
function readNumber(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(value) ? Number(value) : value;
}

function readBoolean(value: unknown): unknown {
  const text =
    typeof value === 'string' || typeof value === 'number' ? String(value).trim().toLowerCase() : undefined;
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : value;
}

/** Of a choice, the case does not matter. */
function readText(value: unknown, { enum: choices }: InputDefinition): unknown {
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  if (typeof text !== 'string') return text;
  return choices?.find((one) => String(one).toLowerCase() === text.toLowerCase()) ?? text;
}

/** The values of a parameter that may have several: a JSON array, or text parted by `;`. */
export function readSeveral(given: Given, reading: Reading): Given[] {
  const value = structure(given, reading);
  if (Array.isArray(value)) return value.map((one: unknown) => ({ value: one }));
  if (typeof value === 'string') return value.split(';').map((text) => ({ text: text.trim() }));
  return [{ value }];
}
