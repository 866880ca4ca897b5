import { describe, expect, it } from 'vitest';
import { processDefinitionSchema } from '../../../../registry/index.js';
import { inputSchema } from '../../describe/value-schema.js';
import { fieldKind } from './field-kind.js';

const input = (definition: object): ReturnType<typeof inputSchema> => {
  const { inputs } = processDefinitionSchema.parse({
    id: 'p',
    title: 'P',
    description: 'P',
    version: '1.0.0',
    preferredTiers: ['in-process'],
    inputs: { x: { title: 'X', ...definition } },
    outputs: {},
    handlers: {},
    examples: [{ title: 'E', inputs: {} }],
  });
  return inputSchema(inputs.x!);
};

describe('the kind of a field', () => {
  it.each([
    ['features', { type: 'features' }],
    ['features', { type: 'features', geometryTypes: ['point'] }],
    ['length', { type: 'length', unit: 'meters', minimum: 0 }],
    ['area', { type: 'area', unit: 'square-meters' }],
    ['number', { type: 'number' }],
    ['integer', { type: 'integer', default: 5 }],
    ['boolean', { type: 'boolean' }],
    ['choice', { type: 'string', enum: ['a', 'b'] }],
    ['choice', { type: 'integer', enum: [1, 2] }],
    ['text', { type: 'string' }],
    ['text', { type: 'crs' }],
    ['text', { type: 'date' }],
    ['duration', { type: 'duration', minimum: 0 }],
    ['json', { type: 'table' }],
    ['json', { type: 'file', mediaTypes: ['image/tiff'] }],
  ])('is %s for %j', (kind, definition) => {
    expect(fieldKind(input(definition), false)).toBe(kind);
  });

  it('is JSON for several values, and for what it does not know', () => {
    expect(fieldKind({ type: 'number' }, true)).toBe('json');
    expect(fieldKind({ type: 'object' }, false)).toBe('json');
    expect(fieldKind({ oneOf: [{ type: 'number' }, { type: 'string' }] }, false)).toBe('json');
    expect(fieldKind({ type: 'object', format: 'ogc-bbox' }, false)).toBe('bbox');
  });
});
