import { expect, it } from 'vitest';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import type { ProcessDescription } from '../server/documents.js';
import { assign, readAssignment } from './assignments.js';

const process: ProcessDescription = {
  id: 'demo',
  version: '1.0.0',
  inputs: {
    features: {
      schema: {},
      maxOccurs: 'unbounded',
      additionalParameters: { parameters: [{ name: 'aliases', value: ['geometries'] }] },
    },
    distance: { schema: { type: 'number' } },
  },
  outputs: {},
};

it.each([
  ['a=b', ['a', 'b']],
  ['a=b=c', ['a', 'b=c']],
  ['a=', ['a', '']],
  [' a = b ', ['a', ' b ']],
])('%j is a name and a value', (text, expected) => expect(readAssignment(text)).toEqual(expected));

it.each(['a', '=b', ''])('%j is none', (text) => {
  expect(() => readAssignment(text)).toThrow(expect.objectContaining({ exitCode: EXIT.usage }) as Failure);
});

it('what is given several times is several values, in order', () => {
  const [features, distance] = assign(['features=1', 'distance=5', 'features=2'], process);
  expect(features).toMatchObject({ name: 'features', texts: ['1', '2'] });
  expect(distance).toMatchObject({ texts: ['5'], input: { schema: { type: 'number' } } });
});

it('an input goes by its other names too', () => {
  expect(assign(['geometries=1'], process)[0]).toMatchObject({
    name: 'geometries',
    input: process.inputs.features,
  });
});

it('an unknown name is refused with those that there are', () => {
  expect(() => assign(['distanz=5'], process)).toThrow(
    expect.objectContaining({
      message: 'demo has no input distanz.',
      details: ['It has: features, distance'],
    }) as Failure,
  );
  expect(() => assign(['constructor=5'], process)).toThrow('no input constructor');
});

it('an input that is taken once may not be given twice', () => {
  expect(() => assign(['distance=1', 'distance=2'], process)).toThrow('input distance: is given 2 times');
});
