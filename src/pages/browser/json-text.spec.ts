import { expect, it } from 'vitest';
import { jsonText, shellWord } from './json-text.js';

it('keeps positions on one line', () => {
  const value = { type: 'Point', coordinates: [8.3, -47.05e-9], list: [] };
  expect(jsonText(value)).toContain('"coordinates": [ 8.3, -4.705e-8 ]');
  expect(JSON.parse(jsonText(value))).toEqual(value);
});

it('leaves texts that look like lists alone', () => {
  const value = { text: '[\n  1,\n  2\n]' };
  expect(JSON.parse(jsonText(value))).toEqual(value);
});

it('quotes for a shell', () => {
  expect(shellWord(`it's $HOME`)).toBe(`'it'\\''s $HOME'`);
});
