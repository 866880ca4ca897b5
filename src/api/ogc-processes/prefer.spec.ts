import { expect, it } from 'vitest';
import { parsePrefer } from './prefer.js';

const nothing = { respondAsync: false, minimal: false, strict: false, dryRun: false };

it.each([
  [undefined, {}],
  ['', {}],
  ['respond-async', { respondAsync: true }],
  ['respond-async ', { respondAsync: true }],
  ['Respond-Async', { respondAsync: true }],
  ['respond-async; x=1', { respondAsync: true }],
  ['respond-async="true"', { respondAsync: true }],
  ['respond-sync', {}],
  ['respond-async, wait=10', { respondAsync: true, wait: 10 }],
  ['wait = "7"', { wait: 7 }],
  ['wait=0', { wait: 0 }],
  ['wait=5, wait=9', { wait: 5 }],
  ['wait=soon', {}],
  ['wait=-1', {}],
  ['wait=1e3', {}],
  ['wait', {}],
  ['wait=99999999999999999999', {}],
  ['return=minimal', { minimal: true }],
  ['return="minimal"; foo="a, b; c"', { minimal: true }],
  ['return=representation, return=minimal', {}],
  ['handling=strict', { strict: true }],
  ['handling=strict; dry-run', { strict: true, dryRun: true }],
  ['dry-run', { dryRun: true }],
  ['dry-run=true, respond-async', { dryRun: true, respondAsync: true }],
  ['foo="respond-async, wait=10"', {}],
  ['foo="a\\", respond-async", wait=3', { wait: 3 }],
  ['foo="never closed, respond-async', {}],
  [',,;;=,="",\u0001', {}],
])('%s', (header, expected) => {
  expect(parsePrefer(header)).toEqual({ ...nothing, ...expected });
});

it('reads a hostile header in no time', () => {
  const begun = performance.now();
  parsePrefer(`${'a="\\'.repeat(4000)}${',;='.repeat(4000)}`);
  expect(performance.now() - begun).toBeLessThan(200);
});
