import { usageFailure } from '../failure.js';
import type { ArrayEntry } from './read-entries.js';

const RANGE = /^(\d{0,9}):(\d{0,9})$/;

/** `0:25`, `10:`, `:10`: from the first, counted from 0, up to the second, which is left out. Throws Failure. */
export function readRange(text: string): [from: number, to: number] {
  const [, from, to] = RANGE.exec(text) ?? [];
  const range: [number, number] = [Number(from || 0), to ? Number(to) : Number.MAX_SAFE_INTEGER];
  if (from === undefined || range[0] >= range[1])
    throw usageFailure(`'${text}' is no range: write from:to, such as 0:25, where to is left out.`);
  return range;
}

/** The entries that were asked for, in the order of the file. Throws Failure where what was asked for is not there. */
export function selectEntries(
  entries: ArrayEntry[],
  { range, regions }: { range?: string; regions?: string },
): ArrayEntry[] {
  if (range !== undefined && regions !== undefined)
    throw usageFailure('--range and --regions: only one of them can be used.');
  if (range !== undefined) {
    const found = entries.slice(...readRange(range));
    if (found.length === 0)
      throw usageFailure(`The file has ${entries.length} entries: ${range} is beyond its end.`);
    return found;
  }
  return regions === undefined ? entries : labelled(entries, regions);
}

function labelled(entries: ArrayEntry[], regions: string): ArrayEntry[] {
  const wanted = new Set(
    regions
      .split(',')
      .map((label) => label.trim())
      .filter(Boolean),
  );
  const found = entries.filter(({ label }) => label !== undefined && wanted.has(label));
  const there = new Set(found.map(({ label }) => label));
  const missing = [...wanted].filter((label) => !there.has(label));
  if (wanted.size === 0) throw usageFailure('--regions: name at least one label, parted by commas.');
  if (missing.length === 0) return found;
  throw usageFailure(`No entry of the file has the label ${missing.join(', ')}.`);
}
