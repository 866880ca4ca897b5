import { expect, it } from 'vitest';
import { parseByteSize, parseDuration } from './quantities.js';

it.each([
  ['200ms', 200],
  ['30s', 30_000],
  ['1.5m', 90_000],
  ['6h', 21_600_000],
  ['7d', 604_800_000],
  ['PT5M', 300_000],
  ['P1DT2H3M4.5S', 93_784_500],
  ['soon', undefined],
  ['P', undefined],
  ['PT', undefined],
  ['10', undefined],
])('the duration %s is %s ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

it.each([
  ['512B', 512],
  ['64KiB', 65_536],
  ['1.5GiB', 1_610_612_736],
  ['100MB', undefined],
  ['-1KiB', undefined],
])('the size %s is %s bytes', (text, bytes) => expect(parseByteSize(text)).toBe(bytes));
