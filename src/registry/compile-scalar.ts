import type { Fault } from '../shared/app-error.js';
import { parseDuration } from '../shared/quantities.js';
import { parseCrsReference } from '../shared/crs-reference.js';
import { AREA_UNITS, parseAreaUnit, squareMetersIn } from './area-units.js';
import { type BoundingBox, readBoundingBox } from './bounding-box.js';
import { type FileValue, readFile } from './file-value.js';
import { LENGTH_UNITS, metersIn, parseLengthUnit } from './length-units.js';
import { parseMoment } from './moment.js';
import type { InputDefinition } from './process-definition.js';
import type { Area, Length, RawValue } from './process-expression.js';
import { readTable, type Table } from './table-value.js';

const LONGEST_TEXT = 65_536;

/** One plain value by its definition, or what is wrong with it. */
export function compileScalar(raw: RawValue, input: InputDefinition): Scalar | Table | FileValue | Fault[] {
  if (input.type === 'file') return readFile(raw.value, raw.path, input);
  if (input.type === 'table') return readTable(raw.value, raw.path, input.columns);
  if (input.type === 'features') throw new Error('features are not scalar');
  const read = READERS[input.type](raw.value, input);
  if (typeof read === 'object' && 'message' in read)
    return [{ path: raw.path + read.path, message: read.message }];
  if (typeof read === 'object' && 'bbox' in read) return read;
  const message = outOfBounds(typeof read === 'object' ? read.value : read, input);
  return message ? [{ path: raw.path, message }] : read;
}

type Scalar = string | number | boolean | Length | Area | BoundingBox;

const READERS: Record<
  Exclude<InputDefinition['type'], 'features' | 'table' | 'file'>,
  (value: unknown, input: InputDefinition) => Scalar | Fault
> = {
  number: (value) => readNumber(value, 'number'),
  integer: (value) => readNumber(value, 'integer'),
  boolean: (value) => (typeof value === 'boolean' ? value : wrong('must be true or false')),
  string: (value) => (typeof value === 'string' ? value : wrong('must be a text')),
  crs: (value) => readCrs(value),
  bbox: (value) => readBoundingBox(value),
  length: (value, input) => readLength(value, input),
  area: (value, input) => readArea(value, input),
  date: (value) => readDate(value),
  duration: (value) => readDuration(value),
};

const wrong = (message: string, path = ''): Fault => ({ path, message });

function readNumber(value: unknown, type: 'number' | 'integer'): number | Fault {
  if (typeof value !== 'number')
    return wrong(type === 'integer' ? 'must be a whole number' : 'must be a number');
  // JSON has no infinity, but 1e999 reads as one.
  if (!Number.isFinite(value)) return wrong('must be a finite number');
  if (type === 'integer' && !Number.isSafeInteger(value)) return wrong('must be a whole number');
  return value;
}

function readCrs(value: unknown): string | Fault {
  const name = typeof value === 'string' ? parseCrsReference(value) : undefined;
  return (
    name ??
    wrong('must name a coordinate system, such as EPSG:3857 or http://www.opengis.net/def/crs/EPSG/0/3857')
  );
}

/** As text of one form, whichever it was sent in. */
const readDate = (value: unknown): string | Fault =>
  (typeof value === 'string' ? parseMoment(value) : undefined)?.toISOString() ??
  wrong('must be a date or a date and time, such as 2026-11-27T09:30:00Z');

/** Seconds. */
function readDuration(value: unknown): number | Fault {
  if (typeof value === 'number') return readNumber(value, 'number');
  const ms = typeof value === 'string' ? parseDuration(value) : undefined;
  return ms === undefined ? wrong('must be a duration such as PT15M, or a number of seconds') : ms / 1000;
}

function readLength(value: unknown, { unit = 'meters' }: InputDefinition): Length | Fault {
  const read = readQuantity(value, { noun: 'a length', parse: parseLengthUnit, refusal: unknownUnit });
  if ('message' in read) return read;
  return {
    value: read.value,
    unitGiven: read.unit !== undefined,
    meters: read.value * metersIn(read.unit ?? unit),
  };
}

function readArea(value: unknown, { unit = 'square-meters' }: InputDefinition): Area | Fault {
  const refusal = (): string => `must be one of ${AREA_UNITS.join(', ')}`;
  const read = readQuantity(value, { noun: 'an area', parse: parseAreaUnit, refusal });
  if ('message' in read) return read;
  const squareMeters = read.value * squareMetersIn(read.unit ?? unit);
  return { value: read.value, unitGiven: read.unit !== undefined, squareMeters };
}

interface UnitReading {
  noun: string;
  parse(text: string): string | undefined;
  refusal(unit: unknown): string;
}

/** A bare number in the declared unit, or `{"value": 5, "unit": "kilometers"}`. */
function readQuantity(
  value: unknown,
  { noun, parse, refusal }: UnitReading,
): { value: number; unit?: string } | Fault {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const number = readNumber(value, 'number');
    return typeof number === 'number' ? { value: number } : number;
  }
  const members = value as Record<string, unknown>;
  const stranger = Object.keys(members).find((key) => key !== 'value' && key !== 'unit');
  if (stranger !== undefined) return wrong(`${noun} has the members value and unit only`);
  const number = readNumber(members.value, 'number');
  if (typeof number !== 'number') return { ...number, path: '/value' };
  if (members.unit === undefined) return { value: number };
  const unit = typeof members.unit === 'string' ? parse(members.unit) : undefined;
  return unit ? { value: number, unit } : wrong(refusal(members.unit), '/unit');
}

function unknownUnit(unit: unknown): string {
  if (typeof unit === 'string' && /^(deg|°)/i.test(unit.trim())) {
    return 'degrees are no length: on the ground they differ from place to place; use meters or another unit of length';
  }
  return `must be one of ${LENGTH_UNITS.join(', ')}`;
}

function outOfBounds(value: string | number | boolean, input: InputDefinition): string | undefined {
  if (typeof value === 'string' && value.length > (input.maxLength ?? LONGEST_TEXT)) {
    return `must have at most ${input.maxLength ?? LONGEST_TEXT} characters`;
  }
  if (typeof value === 'number') {
    if (input.minimum !== undefined && value < input.minimum) return `must be at least ${input.minimum}`;
    if (input.maximum !== undefined && value > input.maximum) return `must be at most ${input.maximum}`;
    if (input.exclusiveMinimum !== undefined && value <= input.exclusiveMinimum) {
      return `must be more than ${input.exclusiveMinimum}`;
    }
  }
  if (input.enum && !input.enum.includes(value as string | number))
    return `must be one of ${input.enum.join(', ')}`;
  return undefined;
}
