import type { FeatureRecord } from '../geometry.js';

export interface EsriField {
  name: string;
  type: string;
  alias: string;
  length?: number;
}

export type Attributes = Record<string, unknown>;

export const OBJECT_ID = 'OBJECTID';
const LARGEST_INTEGER = 2 ** 31 - 1;
const SHORTEST_TEXT = 255;

type Kind = 'integer' | 'double' | 'boolean' | 'text';

/**
 * The attributes of features as a table: one field for each name that occurs, of the narrowest type that holds all its
 * values. Esri knows no booleans (1 and 0) and no nested values (their JSON as text). Every row has an integer OBJECTID:
 * the attribute of that name, else the feature's id, where those are different integers, else its number from 1.
 */
export function tabulate(features: FeatureRecord[]): { fields: EsriField[]; rows: Attributes[] } {
  const names = new Map<string, Kind | undefined>();
  for (const { properties } of features) {
    for (const [name, value] of Object.entries(properties ?? {}))
      names.set(name, widened(names.get(name), kindOf(value)));
  }
  const own = [...names.keys()].find((name) => name.toUpperCase() === OBJECT_ID);
  const ids = objectIds(features, own);
  const texts =
    features.some(({ id }) => typeof id === 'string') &&
    ![...names.keys()].some((name) => name.toLowerCase() === 'id');
  const columns = [...names].filter(([name]) => name !== own);
  const lengths = new Map<string, number>();
  const rows = features.map(({ id, properties }, index) => {
    const row: Attributes = { [OBJECT_ID]: ids[index] };
    if (texts) row.id = id === undefined ? null : text(id, 'id', lengths);
    for (const [name, kind] of columns) {
      const value = Object.hasOwn(properties ?? {}, name) ? properties![name] : null;
      define(
        row,
        name,
        value === null || value === undefined ? null : cell(value, kind, () => text(value, name, lengths)),
      );
    }
    return row;
  });
  const field = (name: string, kind: Kind | undefined): EsriField => ({
    name,
    alias: name,
    ...typed(kind, lengths.get(name)),
  });
  return {
    rows,
    fields: [
      { name: OBJECT_ID, type: 'esriFieldTypeOID', alias: OBJECT_ID },
      ...(texts ? [field('id', 'text')] : []),
      ...columns.map(([name, kind]) => field(name, kind)),
    ],
  };
}

/** A name may be `__proto__`. */
const define = (row: Attributes, name: string, value: unknown): void =>
  void Object.defineProperty(row, name, { value, enumerable: true, configurable: true, writable: true });

function kindOf(value: unknown): Kind | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value !== 'number') return 'text';
  return Number.isInteger(value) && Math.abs(value) <= LARGEST_INTEGER ? 'integer' : 'double';
}

function widened(a: Kind | undefined, b: Kind | undefined): Kind | undefined {
  if (a === undefined || a === b) return b ?? a;
  if (b === undefined) return a;
  return [a, b].every((kind) => kind === 'integer' || kind === 'double') ? 'double' : 'text';
}

function cell(value: unknown, kind: Kind | undefined, asText: () => string): unknown {
  if (kind === 'boolean') return value ? 1 : 0;
  return kind === 'text' ? asText() : value;
}

function text(value: unknown, name: string, lengths: Map<string, number>): string {
  const written = typeof value === 'string' ? value : JSON.stringify(value);
  if (written.length > (lengths.get(name) ?? 0)) lengths.set(name, written.length);
  return written;
}

function typed(kind: Kind | undefined, length: number | undefined): Pick<EsriField, 'type' | 'length'> {
  if (kind === 'integer') return { type: 'esriFieldTypeInteger' };
  if (kind === 'double') return { type: 'esriFieldTypeDouble' };
  if (kind === 'boolean') return { type: 'esriFieldTypeSmallInteger' };
  return { type: 'esriFieldTypeString', length: Math.max(length ?? 0, SHORTEST_TEXT) };
}

function objectIds(features: FeatureRecord[], own: string | undefined): number[] {
  const candidates = [
    own === undefined ? [] : features.map(({ properties }) => properties?.[own]),
    features.map(({ id }) => id),
  ];
  const good = candidates.find(
    (ids) =>
      ids.length > 0 && ids.every((id) => Number.isSafeInteger(id)) && new Set(ids).size === ids.length,
  );
  return (good as number[] | undefined) ?? features.map((_, index) => index + 1);
}
