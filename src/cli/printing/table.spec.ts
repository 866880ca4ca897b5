import { expect, it } from 'vitest';
import { progressBar } from './progress-bar.js';
import { drawTable, printable, shortened } from './table.js';

it('columns stand below each other, and lines end with their text', () => {
  expect(
    drawTable([
      ['buffer', '2.0.0', 'Buffer'],
      ['echo', '1.0.0', ''],
      ['née', '1'],
    ]),
  ).toEqual(['buffer  2.0.0  Buffer', 'echo    1.0.0', 'née     1']);
});

it('no line is wider than the terminal: the last column gives way', () => {
  const rows = [
    ['a', 'x'.repeat(50)],
    ['bbbb', 'short'],
  ];
  expect(drawTable(rows, 30)).toEqual([`a     ${'x'.repeat(23)}…`, 'bbbb  short']);
  for (const width of [1, 5, 12, 30, 80])
    for (const line of drawTable(rows, width)) expect(Array.from(line).length).toBeLessThanOrEqual(width);
});

it('nothing is drawn of nothing', () => expect(drawTable([])).toEqual([]));

it('what somebody else wrote cannot steer the terminal', () => {
  expect(printable('a\x1b[2Jb\r\nc\u202ed\x07')).toBe('a [2Jb c d');
  expect(drawTable([['\x1b]0;title\x07x']])[0]).not.toMatch(/\p{Cc}/u);
});

it('a text is cut between characters', () => {
  expect(shortened('abc', 3)).toBe('abc');
  expect(shortened('abcd', 3)).toBe('ab…');
  expect(shortened('🗺🗺🗺', 2)).toBe('🗺…');
});

it.each([
  [0, '░░░░'],
  [50, '██░░'],
  [99, '████'],
  [100, '████'],
  [53, '██▏░'],
  [-5, '░░░░'],
  [200, '████'],
])('%i percent is a bar of the same width', (percent, bar) => {
  expect(progressBar(percent, 4)).toBe(bar);
});
