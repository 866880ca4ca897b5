import { expect, it } from 'vitest';
import { parsePrefer, type Preferences, preferencesApplied } from './prefer.js';

const nothing: Preferences = { respondAsync: false, strict: false, dryRun: false, others: [] };

it.each<[string | undefined, Partial<Preferences>]>([
  [undefined, {}],
  ['', {}],
  ['respond-async', { respondAsync: true }],
  ['respond-async ', { respondAsync: true }],
  ['Respond-Async', { respondAsync: true }],
  ['respond-async; x=1', { respondAsync: true }],
  ['respond-async="true"', { respondAsync: true }],
  ['respond-sync', { others: ['respond-sync'] }],
  ['respond-async, wait=10', { respondAsync: true, wait: 10 }],
  ['wait = "7"', { wait: 7 }],
  ['wait=0', { wait: 0 }],
  ['wait=5, wait=9', { wait: 5 }],
  ['wait=soon', { others: ['wait'] }],
  ['wait=-1', { others: ['wait'] }],
  ['wait=1e3', { others: ['wait'] }],
  ['wait', { others: ['wait'] }],
  ['wait=99999999999999999999', { others: ['wait'] }],
  ['return=minimal', { return: 'minimal' }],
  ['return="minimal"; foo="a, b; c"', { return: 'minimal' }],
  ['return=representation, return=minimal', { return: 'representation' }],
  ['return=maximal', { others: ['return'] }],
  ['handling=strict', { strict: true }],
  ['handling=lenient', {}],
  ['handling=strict; dry-run', { strict: true, dryRun: true }],
  ['dry-run', { dryRun: true }],
  ['dry-run=true, respond-async', { dryRun: true, respondAsync: true }],
  ['foo="respond-async, wait=10"', { others: ['foo'] }],
  ['foo="a\\", respond-async", wait=3', { wait: 3, others: ['foo'] }],
  ['foo="never closed, respond-async', { others: ['foo'] }],
  [',,;;=,="",\u0001', {}],
])('%s', (header, expected) => {
  expect(parsePrefer(header)).toEqual({ ...nothing, ...expected });
});

it.each([
  ['respond-async, wait=5, foo', { async: true, waited: true }, 'respond-async, wait=5'],
  ['respond-async, wait=5', { async: false, waited: true }, 'wait=5'],
  ['respond-async', { async: false, waited: true }, undefined],
  ['return=minimal, handling=strict', { async: true, waited: false }, 'return=minimal, handling=strict'],
])('%s, answered %o, was applied as %s', (header, how, expected) => {
  expect(preferencesApplied(parsePrefer(header), how)).toBe(expected);
});

it('reads a hostile header in no time', () => {
  const begun = performance.now();
  parsePrefer(`${'a="\\'.repeat(4000)}${',;='.repeat(4000)}`);
  expect(performance.now() - begun).toBeLessThan(200);
});
