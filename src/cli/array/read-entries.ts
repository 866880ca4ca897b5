import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { usageFailure } from '../failure.js';

/** One run of an array run: what it has beside the common inputs, or instead of them. */
export interface ArrayEntry {
  label?: string;
  inputs: Record<string, unknown>;
}

/** What an array run may have. */
export const FEWEST_ENTRIES = 2;
export const MOST_ENTRIES = 10_000;
/** A file with many broken lines is the wrong file. */
const MOST_FAULTS = 10;

/**
 * The entries of an NDJSON file: each line `{"label", "inputs"}` or a bare object of inputs; empty lines are passed over.
 * Throws Failure that names the lines that are neither.
 */
export async function readEntries(path: string): Promise<ArrayEntry[]> {
  const entries: ArrayEntry[] = [];
  const faults: string[] = [];
  let number = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
      number += 1;
      const text = line.replace(/^\uFEFF/, '').trim();
      if (text === '') continue;
      const entry = readEntry(text);
      if (typeof entry === 'string') faults.push(`line ${number}: ${entry}`);
      else entries.push(entry);
      if (faults.length === MOST_FAULTS) break;
    }
  } catch (error) {
    throw usageFailure(`${path} cannot be read: ${(error as Error).message}`);
  }
  if (faults.length > 0) throw usageFailure(`${path} is not NDJSON of inputs.`, faults);
  return entries;
}

/** What is wrong, where it is no entry. */
export function readEntry(text: string): ArrayEntry | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'is not JSON';
  }
  if (!isObject(value)) return 'must be an object';
  if (!isWrapped(value)) return { inputs: value };
  const { label, inputs } = value;
  if (label !== undefined && typeof label !== 'string') return 'label must be a text';
  return { ...(label !== undefined && { label }), inputs };
}

/** `inputs` alone or with a `label`: a process whose own input is called `inputs` is written out. */
const isWrapped = (
  value: Record<string, unknown>,
): value is { label?: unknown; inputs: Record<string, unknown> } =>
  isObject(value.inputs) && Object.keys(value).every((key) => key === 'inputs' || key === 'label');

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
