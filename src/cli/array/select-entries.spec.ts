import { expect, it } from 'vitest';
import { readRange, selectEntries } from './select-entries.js';

const entries = ['bern', 'chur', 'genf', 'bern'].map((label) => ({ label, inputs: {} }));
const labels = (how: Parameters<typeof selectEntries>[1]): (string | undefined)[] =>
  selectEntries(entries, how).map(({ label }) => label);

it.each([
  ['0:25', [0, 25]],
  ['3:4', [3, 4]],
  [':2', [0, 2]],
  ['2:', [2, Number.MAX_SAFE_INTEGER]],
])('%s is a range', (text, range) => expect(readRange(text)).toEqual(range));

it.each(['', '5', '2:2', '3:1', '-1:2', '1:2:3', 'a:b', '0: 5'])('%j is none', (text) => {
  expect(() => readRange(text)).toThrow(expect.objectContaining({ exitCode: 2 }) as Error);
});

it('nothing said, all are taken', () => expect(selectEntries(entries, {})).toBe(entries));

it('a range is half open, and ends where the file does', () => {
  expect(labels({ range: '1:3' })).toEqual(['chur', 'genf']);
  expect(labels({ range: '2:99' })).toEqual(['genf', 'bern']);
  expect(() => labels({ range: '4:9' })).toThrow('4:9 is beyond its end');
});

it('regions are all entries with these labels, in the order of the file', () => {
  expect(labels({ regions: 'genf, bern' })).toEqual(['bern', 'genf', 'bern']);
  expect(() => labels({ regions: 'genf,basel,zug' })).toThrow('has the label basel, zug');
  expect(() => labels({ regions: ' , ' })).toThrow('at least one');
  expect(() => labels({ range: '0:1', regions: 'bern' })).toThrow('only one');
});
