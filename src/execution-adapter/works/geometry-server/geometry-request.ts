import { type Crs, EsriFault, readSpatialReference } from '../../../geometry-codecs/worker.js';
import { AppError, invalidInput } from '../../../shared/app-error.js';
import type { FormValue } from '../../forms/read-form.js';
import { type GeometryLimits, GeometryReader, type Shapes } from './geometry-reader.js';
import { areaUnitOf, type Unit, unitOf } from './units.js';
import type { Geometry } from 'geojson';

const LONGEST_NUMBER = 40;

/** The parameters of one request to the geometry service, by their names in any case. What is missing or wrong throws. */
export class GeometryRequest {
  private readonly reader: GeometryReader;

  constructor(
    private readonly fields: ReadonlyMap<string, FormValue>,
    private readonly json: (text: Buffer) => unknown,
    readonly limits: GeometryLimits,
  ) {
    this.reader = new GeometryReader(limits);
  }

  has(name: string): boolean {
    return this.plain(name) !== undefined;
  }

  /** What stands for a value as text; undefined where it is absent or empty. */
  text(name: string): string | undefined {
    const value = this.plain(name);
    if (value === undefined || typeof value === 'string') return value;
    return JSON.stringify(value);
  }

  flag(name: string): boolean {
    return /^(?:true|1)$/i.test(this.text(name)?.trim() ?? '');
  }

  number(name: string, absent?: number): number {
    const text = this.text(name)?.trim();
    if (text === undefined && absent !== undefined) return absent;
    if (text === undefined) throw this.missing(name);
    const value = text.length > LONGEST_NUMBER ? NaN : Number(text);
    if (!Number.isFinite(value)) throw fault(name, 'must be a number');
    return value;
  }

  /** Numbers separated by commas, or an array of them. */
  numbers(name: string): number[] {
    const value = this.has(name) ? this.value(name) : undefined;
    if (value === undefined) throw this.missing(name);
    const list = Array.isArray(value)
      ? (value as unknown[])
      : typeof value === 'string'
        ? value.split(',').map((one) => (one.trim() === '' ? NaN : Number(one)))
        : [value];
    if (list.length === 0 || !list.every((one) => typeof one === 'number' && Number.isFinite(one)))
      throw fault(name, 'must be numbers separated by commas');
    return list as number[];
  }

  list(name: string): unknown[] {
    const value = this.required(name);
    if (!Array.isArray(value)) throw fault(name, 'must be an array');
    return value as unknown[];
  }

  oneOf<T extends string>(name: string, choices: readonly T[], absent: T): T {
    const text = this.text(name)?.trim();
    if (text === undefined) return absent;
    const found = choices.find((one) => one.toLowerCase() === text.toLowerCase());
    if (!found) throw fault(name, `must be one of ${choices.join(', ')}`);
    return found;
  }

  unit(name: string): Unit | undefined {
    const text = this.text(name);
    const unit = text === undefined ? undefined : unitOf(text);
    if (text !== undefined && !unit)
      throw fault(name, 'must be a unit of length: a code such as 9001, or a word such as esriMeters');
    return unit;
  }

  /** Square metres in the unit asked for; clients wrap it in an object. */
  areaUnit(name: string): number | undefined {
    const value = this.has(name) ? this.value(name) : undefined;
    if (value === undefined) return undefined;
    const inner =
      typeof value === 'object' && value !== null ? (value as { areaUnit?: unknown }).areaUnit : value;
    const unit =
      typeof inner === 'string' || typeof inner === 'number' ? areaUnitOf(String(inner)) : undefined;
    if (unit === undefined)
      throw fault(name, 'must be a unit of area, such as {"areaUnit":"esriSquareMeters"}');
    return unit;
  }

  crs(name: string): Crs | undefined {
    const value = this.has(name) ? this.value(name) : undefined;
    try {
      return readSpatialReference(value);
    } catch (error) {
      throw error instanceof EsriFault ? fault(name, error.message) : error;
    }
  }

  requiredCrs(name: string): Crs {
    const crs = this.crs(name);
    if (!crs) throw this.missing(name);
    return crs;
  }

  shapes(name: string): Shapes {
    return this.reader.shapes(name, this.required(name));
  }

  shape(name: string): { geometry: Geometry | null; type: Shapes['type'] } {
    return this.reader.shape(name, this.required(name));
  }

  missing(name: string): AppError {
    return fault(name, 'is missing');
  }

  /** What its JSON says, else its text. */
  required(name: string): unknown {
    if (!this.has(name)) throw this.missing(name);
    return this.value(name);
  }

  /** A structured value where the text is one, else the text. */
  private value(name: string): unknown {
    const value = this.plain(name);
    if (typeof value !== 'string' || !/^\s*[[{"]/.test(value)) return value;
    try {
      return this.json(Buffer.from(value));
    } catch (error) {
      if (error instanceof AppError && error.kind === 'invalid-input') throw fault(name, 'is not valid JSON');
      throw error;
    }
  }

  private plain(name: string): unknown {
    const field = this.fields.get(name.toLowerCase());
    const value = field && ('text' in field ? field.text : field.value);
    return value === null || (typeof value === 'string' && value.trim() === '') ? undefined : value;
  }
}

export const fault = (name: string, message: string): AppError =>
  invalidInput(`${name} ${message}`, [{ path: `/${name}`, message }]);
