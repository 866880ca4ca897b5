import { EsriFault } from '../../geometry-codecs/worker.js';
import type { InputDefinition } from '../../registry/worker.js';
import { isObject } from './json-object.js';

/**
 * Rows of a record set (`{"features": [{"attributes"}]}`), of a value table (an array of arrays, by the order of the
 * declared columns), or an array of objects. What is none of these is left to the engine's own check. Throws EsriFault.
 */
export function readTable(value: unknown, { columns }: InputDefinition): unknown {
  if (isObject(value) && isObject(value.featureSet))
    return readTable(value.featureSet, { columns } as InputDefinition);
  if (isObject(value) && Array.isArray(value.features))
    return value.features.map((feature: unknown, index) => {
      if (isObject(feature) && isObject(feature.attributes)) return feature.attributes;
      throw new EsriFault('is no record: it has no attributes', ['features', index]);
    });
  if (!Array.isArray(value) || !columns) return value;
  const names = Object.keys(columns);
  return value.map((row: unknown, index) => {
    if (!Array.isArray(row)) return row;
    if (row.length !== names.length)
      throw new EsriFault(`has ${row.length} values; the columns are ${names.join(', ')}`, [index]);
    return Object.fromEntries(names.map((name, n) => [name, chosen(row[n], columns[name]!)]));
  });
}

/** Of a choice, the case does not matter. */
function chosen(value: unknown, { enum: choices }: NonNullable<InputDefinition['columns']>[string]): unknown {
  if (typeof value !== 'string') return value;
  return choices?.find((one) => one.toLowerCase() === value.toLowerCase()) ?? value;
}

type Rows = Record<string, unknown>[];

/** GPRecordSet, its fields by the values that are there. */
export function esriRecordSet(rows: Rows): object {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return {
    displayFieldName: '',
    fields: names.map((name) => ({ name, alias: name, type: fieldType(rows.map((row) => row[name])) })),
    features: rows.map((row) => ({
      attributes: Object.fromEntries(names.map((name) => [name, plain(row[name])])),
    })),
    exceededTransferLimit: false,
  };
}

/** GPValueTable: each row by the order of its columns. */
export const esriValueTable = (rows: Rows, columns: NonNullable<InputDefinition['columns']>): unknown[][] =>
  rows.map((row) => Object.keys(columns).map((name) => row[name] ?? null));

function fieldType(values: unknown[]): string {
  const known = values.filter((value) => value !== null && value !== undefined);
  if (known.length === 0 || !known.every((value) => typeof value === 'number')) return 'esriFieldTypeString';
  return known.every((value) => Number.isInteger(value) && Math.abs(value) < 2 ** 31)
    ? 'esriFieldTypeInteger'
    : 'esriFieldTypeDouble';
}

/** A record has texts, numbers and null. */
const plain = (value: unknown): unknown => (typeof value === 'boolean' ? String(value) : (value ?? null));
