import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readEntries, readEntry } from './read-entries.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'honua-entries-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (content: string): string => {
  const path = join(folder, 'regions.ndjson');
  writeFileSync(path, content);
  return path;
};

it.each([
  ['{"label":"zurich","inputs":{"a":1}}', { label: 'zurich', inputs: { a: 1 } }],
  ['{"inputs":{"a":1}}', { inputs: { a: 1 } }],
  ['{"a":1,"b":{"c":2}}', { inputs: { a: 1, b: { c: 2 } } }],
  ['{}', { inputs: {} }],
  // Inputs of a process that has one called `inputs`, or one called `label`.
  ['{"inputs":{"a":1},"b":2}', { inputs: { inputs: { a: 1 }, b: 2 } }],
  ['{"label":"x","b":2}', { inputs: { label: 'x', b: 2 } }],
])('%s is an entry', (text, entry) => expect(readEntry(text)).toEqual(entry));

it.each([
  ['[1]', 'must be an object'],
  ['null', 'must be an object'],
  ['{"a":', 'is not JSON'],
  ['{"label":7,"inputs":{}}', 'label must be a text'],
])('%s is none: %s', (text, why) => expect(readEntry(text)).toBe(why));

it('empty lines, line ends of Windows and a byte order mark are passed over', async () => {
  const path = file('\uFEFF{"a":1}\r\n\r\n  \n{"label":"b","inputs":{"a":2}}');
  expect(await readEntries(path)).toEqual([{ inputs: { a: 1 } }, { label: 'b', inputs: { a: 2 } }]);
});

it('every broken line is named by its number, up to ten of them', async () => {
  const path = file(`{"a":1}\nnonsense\n\n[2]\n`);
  await expect(readEntries(path)).rejects.toMatchObject({
    exitCode: 2,
    details: ['line 2: is not JSON', 'line 4: must be an object'],
  });
  const { details } = (await readEntries(file('x\n'.repeat(50))).catch((error: unknown) => error)) as {
    details: string[];
  };
  expect(details).toHaveLength(10);
});

it('a file that is not there is said', async () => {
  await expect(readEntries(join(folder, 'nope'))).rejects.toMatchObject({ exitCode: 2 });
});
