import type { ValueSchema } from '../server/documents.js';

/** What is wrong with a value, as the end of a sentence about its input. */
export class ValueFault extends Error {}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*([a-z][a-z-]*)$/i;
const STRUCTURE = /^\s*[[{]/;
const LAYER = /^layer:(.+)$/s;
const WEB = /^https?:\/\/\S+$/;

const branchesOf = (schema: ValueSchema): ValueSchema[] => schema.oneOf ?? [schema];

/** Whether an input takes values of this JSON type, alone or among others. */
export const takes = (schema: ValueSchema, ...types: string[]): boolean =>
  branchesOf(schema).some(({ type }) => type !== undefined && types.includes(type));

export const takesStructure = (schema: ValueSchema): boolean => takes(schema, 'object', 'array');

export const looksLikeJson = (text: string): boolean => STRUCTURE.test(text);

/** The value that a text on the command line stands for, by the schema of its input. Throws ValueFault. */
export function typedValue(text: string, schema: ValueSchema): unknown {
  const trimmed = text.trim();
  if (takesStructure(schema)) {
    const named = reference(trimmed);
    if (named) return named;
    if (looksLikeJson(trimmed)) return readJson(trimmed);
  }
  const plain = plainValue(trimmed, schema);
  if (plain !== undefined) return plain;
  if (takes(schema, 'string')) return text;
  // Where nothing is said of the type, the server judges.
  if (branchesOf(schema).every(({ type }) => type === undefined)) return text;
  throw new ValueFault(
    `must be ${wanted(schema)}, not '${text.length > 60 ? `${text.slice(0, 60)}…` : text}'`,
  );
}

/** Throws ValueFault. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ValueFault(`is no JSON: ${(error as Error).message}`);
  }
}

/** A layer or a place on the web, where features or a table may stand. */
function reference(text: string): object | undefined {
  const layer = LAYER.exec(text);
  if (layer) return { layerReference: layer[1] };
  return WEB.test(text) ? { href: text } : undefined;
}

function plainValue(text: string, schema: ValueSchema): unknown {
  if (takes(schema, 'number', 'integer') && NUMBER.test(text)) return Number(text);
  if (takes(schema, 'boolean') && (text === 'true' || text === 'false')) return text === 'true';
  if (hasUnit(schema)) {
    const [, number, unit] = QUANTITY.exec(text) ?? [];
    if (number !== undefined) return { value: Number(number), unit };
  }
  if (schema.format === 'ogc-bbox') {
    const numbers = text.split(',').map((one) => one.trim());
    if (numbers.length >= 4 && numbers.every((one) => NUMBER.test(one))) return { bbox: numbers.map(Number) };
  }
  return undefined;
}

const hasUnit = (schema: ValueSchema): boolean =>
  branchesOf(schema).some(
    ({ properties }) => properties?.value !== undefined && properties.unit !== undefined,
  );

function wanted(schema: ValueSchema): string {
  if (schema.format === 'ogc-bbox') return 'west,south,east,north or JSON';
  if (hasUnit(schema)) return "a number, alone or with its unit, such as '5 kilometers'";
  if (takes(schema, 'integer', 'number')) return 'a number';
  return takes(schema, 'boolean') ? 'true or false' : 'JSON';
}
