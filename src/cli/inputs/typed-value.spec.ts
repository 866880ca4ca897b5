import { describe, expect, it } from 'vitest';
import type { ValueSchema } from '../server/documents.js';
import { typedValue, ValueFault } from './typed-value.js';

const features: ValueSchema = {
  oneOf: [
    { type: 'object', format: 'geojson-feature-collection' },
    { type: 'string', format: 'wkt' },
  ],
};
const length: ValueSchema = {
  oneOf: [{ type: 'number' }, { type: 'object', properties: { value: {}, unit: { type: 'string' } } }],
};
const bbox: ValueSchema = { type: 'object', format: 'ogc-bbox' };
const table: ValueSchema = { type: 'array' };
const duration: ValueSchema = { oneOf: [{ type: 'number' }, { type: 'string', format: 'duration' }] };

describe('a text on the command line', () => {
  it.each<[string, ValueSchema, unknown]>([
    ['5', { type: 'number' }, 5],
    [' -1.5e3 ', { type: 'number' }, -1500],
    ['.5', { type: 'number' }, 0.5],
    ['16', { type: 'integer' }, 16],
    ['true', { type: 'boolean' }, true],
    ['false', { type: 'boolean' }, false],
    // Whatever a text looks like, it is one.
    ['5', { type: 'string' }, '5'],
    ['true', { type: 'string' }, 'true'],
    [' {"a":1} ', { type: 'string' }, ' {"a":1} '],
    ['layer:roads', { type: 'string' }, 'layer:roads'],
    ['https://example.org/', { type: 'string' }, 'https://example.org/'],
    ['', { type: 'string' }, ''],
    ['{"type":"Point","coordinates":[7,51]}', features, { type: 'Point', coordinates: [7, 51] }],
    ['POINT (7 51)', features, 'POINT (7 51)'],
    ['layer:roads', features, { layerReference: 'roads' }],
    ['https://example.org/a.geojson', features, { href: 'https://example.org/a.geojson' }],
    ['{"layerReference":"roads","fields":["a"]}', features, { layerReference: 'roads', fields: ['a'] }],
    ['500', length, 500],
    ['5 kilometers', length, { value: 5, unit: 'kilometers' }],
    ['-2.5us-survey-feet', length, { value: -2.5, unit: 'us-survey-feet' }],
    ['{"value":5,"unit":"miles"}', length, { value: 5, unit: 'miles' }],
    ['7, 46, 8, 47', bbox, { bbox: [7, 46, 8, 47] }],
    ['[{"a":1}]', table, [{ a: 1 }]],
    ['90', duration, 90],
    ['PT15M', duration, 'PT15M'],
    // No type is said: the server judges.
    ['x', {}, 'x'],
  ])('%j is, by its input, what it stands for', (text, schema, value) => {
    expect(typedValue(text, schema)).toEqual(value);
  });

  it.each<[string, ValueSchema, RegExp]>([
    ['abc', { type: 'number' }, /must be a number, not 'abc'/],
    ['', { type: 'number' }, /must be a number/],
    ['0x10', { type: 'integer' }, /must be a number/],
    ['Infinity', { type: 'number' }, /must be a number/],
    ['yes', { type: 'boolean' }, /must be true or false/],
    ['far', length, /with its unit/],
    ['1,2,3', bbox, /west,south,east,north/],
    ['1,2,3,x', bbox, /west,south,east,north/],
    ['a,b', table, /must be JSON/],
    ['{"type":', features, /is no JSON/],
    ['x'.repeat(100), { type: 'number' }, /not 'x{60}…'$/],
  ])('%j that is no such value is refused with what it must be', (text, schema, message) => {
    expect(() => typedValue(text, schema)).toThrow(ValueFault);
    expect(() => typedValue(text, schema)).toThrow(message);
  });
});
