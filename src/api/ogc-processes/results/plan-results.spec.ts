import { expect, it } from 'vitest';
import type { OutputPayload, RequestOptions } from '../../../execution/index.js';
import { planResults } from './plan-results.js';

const output = (id: string, mediaType: string): OutputPayload => ({
  id,
  mediaType,
  payload: { kind: 'inline', bytes: new Uint8Array(), size: 0, sha256: '' },
});
const outputs = [output('result', 'application/geo+json'), output('count', 'application/json')];
const value = { transmission: 'value' } as const;
const reference = { transmission: 'reference' } as const;

/** kind of the plan, then each output with `*` where it goes by reference. */
function shape(options: RequestOptions): string {
  const plan = planResults(outputs, options);
  const given = plan.kind === 'nothing' ? [] : [plan.given].flat();
  return [plan.kind, ...given.map(({ output, byReference }) => output.id + (byReference ? '*' : ''))].join(
    ' ',
  );
}

it.each<[string, RequestOptions]>([
  ['multipart result count', { response: 'raw' }],
  ['multipart result count', { response: 'raw', outputs: { result: {}, count: value } }],
  ['value result', { response: 'raw', outputs: { result: value } }],
  ['value count', { response: 'raw', outputs: { count: {} } }],
  ['links result*', { response: 'raw', outputs: { result: reference } }],
  ['links result* count*', { response: 'raw', outputs: { result: reference, count: reference } }],
  ['multipart result* count', { response: 'raw', outputs: { result: reference, count: value } }],
  ['document result count', { response: 'document' }],
  ['document result', { response: 'document', outputs: { result: value } }],
  ['document result* count', { response: 'document', outputs: { result: reference, count: {} } }],
  ['nothing', { response: 'raw', outputs: {} }],
  ['nothing', { response: 'document', outputs: {} }],
])('%s: %j', (expected, options) => {
  expect(shape(options)).toBe(expected);
});

it('gives the media type that was asked for, else the own', () => {
  const outputs_ = { result: { mediaType: 'application/json' }, count: {} };
  const plan = planResults(outputs, { response: 'document', outputs: outputs_ });
  expect(plan.kind === 'document' && plan.given.map(({ mediaType }) => mediaType)).toEqual([
    'application/json',
    'application/json',
  ]);
});

it('is not misled by names that every object has', () => {
  expect(
    shape({
      response: 'raw',
      outputs: JSON.parse('{"__proto__":{},"constructor":{}}') as Record<string, object>,
    }),
  ).toBe('nothing');
});
