import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ValueSchema } from '../server/documents.js';
import { fileValue } from './file-value.js';
import { mediaTypeOf } from './media-type.js';

const features: ValueSchema = { oneOf: [{ type: 'object' }, { type: 'string', format: 'wkt' }] };
const table: ValueSchema = { type: 'array' };
const text: ValueSchema = { type: 'string' };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'honua-file-value-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function read(
  name: string,
  content: string | Buffer,
  schema: ValueSchema,
): Promise<{ value: unknown; sent: string[] }> {
  const path = join(folder, name);
  writeFileSync(path, content);
  const sent: string[] = [];
  const send = async (file: string): Promise<{ href: string; type: string }> => {
    sent.push(file.slice(folder.length + 1));
    return { href: '/uploads/x', type: mediaTypeOf(file) };
  };
  return { value: await fileValue(path, schema, send), sent };
}

it.each<[string, string, ValueSchema, unknown]>([
  [
    'a.geojson',
    '\uFEFF {"type":"Point","coordinates":[7,51]}\n',
    features,
    { type: 'Point', coordinates: [7, 51] },
  ],
  ['a', '{"type":"Point","coordinates":[7,51]}', features, { type: 'Point', coordinates: [7, 51] }],
  ['a.wkt', 'POINT (7 51)\n', features, 'POINT (7 51)'],
  ['a.json', '[{"a":1}]', table, [{ a: 1 }]],
  ['a.txt', 'Grüezi\n', text, 'Grüezi'],
  ['b.json', '{"a":1}', text, '{"a":1}'],
  ['n.txt', ' 42\n', { type: 'number' }, 42],
])('%s goes in the request, as its input has it', async (name, content, schema, value) => {
  expect(await read(name, content, schema)).toEqual({ value, sent: [] });
});

it.each<[string, string | Buffer, ValueSchema, string]>([
  ['a.tif', Buffer.from([0x49, 0x49, 0x2a, 0x00, 0xff]), features, 'image/tiff; application=geotiff'],
  ['a.bin', Buffer.from('PK\0\0'), features, 'application/octet-stream'],
  ['a.csv', 'name,x\nA,1\n', table, 'text/csv'],
  ['big.geojson', `{"a":"${'x'.repeat(5_000_000)}"}`, features, 'application/geo+json'],
  ['big.txt', 'x'.repeat(5_000_001), text, 'text/plain'],
])('%s goes ahead, and is named', async (name, content, schema, type) => {
  expect(await read(name, content, schema)).toEqual({ value: { href: '/uploads/x', type }, sent: [name] });
});

it.each<[string, string, ValueSchema, RegExp]>([
  ['broken.geojson', '{"type":', features, /is no JSON/],
  ['words.geojson', 'POINT (7 51)', features, /is no JSON/],
  ['n.txt', 'many', { type: 'number' }, /must be a number/],
])('%s is refused before anything is sent', async (name, content, schema, message) => {
  await expect(read(name, content, schema)).rejects.toThrow(message);
});

it('a file that is not there, and a folder, are named', async () => {
  const send = (): Promise<never> => Promise.reject(new Error('sent'));
  await expect(fileValue(join(folder, 'nope'), text, send)).rejects.toThrow(/there is no file .*nope/);
  await expect(fileValue(folder, text, send)).rejects.toThrow(/is no file/);
});
