import type { Position } from 'geojson';
import { EsriFault, within } from './esri-fault.js';

/** What follows x and y in the positions of a geometry. */
export interface Dimensions {
  hasZ: boolean;
  hasM: boolean;
}

/**
 * Dimensions as declared by the geometry, else by its feature set; where nobody says, a third number is a height, as
 * clients of Esri take it.
 */
export function dimensionsOf(declared: { hasZ?: unknown; hasM?: unknown }[]): Partial<Dimensions> {
  const first = (key: 'hasZ' | 'hasM'): boolean | undefined =>
    declared.map((one) => one[key]).find((value) => typeof value === 'boolean');
  return { hasZ: first('hasZ'), hasM: first('hasM') };
}

/**
 * `[x, y]`, `[x, y, z]` or, with a measure, `[x, y, z, m]` with NaN for a height that is not there. A height or measure
 * of null or "NaN" is not there either.
 */
export function readPosition(value: unknown, { hasZ, hasM }: Partial<Dimensions>): Position {
  if (!Array.isArray(value) || value.length < 2)
    throw new EsriFault('must be a position, an array of at least two numbers');
  const [x, y] = [numberAt(value, 0), numberAt(value, 1)];
  const z = (hasZ ?? (!hasM && value.length > 2)) ? optionalAt(value, 2) : NaN;
  const m =
    (hasM ?? (hasZ !== false && value.length > 3))
      ? optionalAt(value, hasZ === false || (hasM && !hasZ) ? 2 : 3)
      : NaN;
  return position(x, y, z, m);
}

export function position(x: number, y: number, z: number, m: number): Position {
  if (!Number.isNaN(m)) return [x, y, z, m];
  return Number.isNaN(z) ? [x, y] : [x, y, z];
}

function numberAt(list: unknown[], index: number): number {
  const value = list[index];
  if (typeof value !== 'number') throw new EsriFault('must be a number', [index]);
  if (!Number.isFinite(value)) throw new EsriFault('must be a finite number', [index]);
  return value;
}

function optionalAt(list: unknown[], index: number): number {
  const value = list[index];
  return value === undefined || value === null || value === 'NaN' ? NaN : numberAt(list, index);
}

export function readList<T>(value: unknown, what: string, read: (one: unknown) => T): T[] {
  if (!Array.isArray(value)) throw new EsriFault(`must be an array of ${what}`);
  return value.map((one, index) => within(index, () => read(one)));
}
