import { describe, expect, it } from 'vitest';
import { processDefinitionSchema } from '../../../registry/index.js';
import { processDescription } from './describe-process.js';

const base = {
  id: 'demo',
  title: 'Demo',
  description: 'For this test',
  version: '2.1.0',
  preferredTiers: ['in-process'],
  outputs: { result: { title: 'Result', type: 'features' }, count: { title: 'Count', type: 'integer' } },
  handlers: { 'in-process': {} },
  examples: [{ title: 'x', inputs: {} }],
};

function describeInput(input: object, more: object = {}) {
  const definition = processDefinitionSchema.parse({
    ...base,
    inputs: { x: { title: 'X', ...input } },
    ...more,
  });
  return processDescription({ definition, id: definition.id, alwaysAsync: false }, 'http://h').inputs.x!;
}

describe('a process description', () => {
  it.each([
    [
      { type: 'number', minimum: 0, maximum: 9 },
      { type: 'number', minimum: 0, maximum: 9 },
    ],
    [
      { type: 'number', exclusiveMinimum: 0 },
      { type: 'number', minimum: 0, exclusiveMinimum: true },
    ],
    [
      { type: 'integer', default: 16 },
      { type: 'integer', default: 16 },
    ],
    [
      { type: 'string', maxLength: 5, enum: ['a', 'b'] },
      { type: 'string', maxLength: 5, enum: ['a', 'b'] },
    ],
    [
      { type: 'boolean', default: false },
      { type: 'boolean', default: false },
    ],
  ])('writes %o in the words of OpenAPI 3.0', (input, schema) => {
    expect(describeInput(input).schema).toEqual(schema);
  });

  it('takes features in four forms, the collection first, and only the geometry types that the process takes', () => {
    const branches = describeInput({ type: 'features', geometryTypes: ['polygon'] }).schema.oneOf!;
    expect(branches.map(({ format }) => format)).toEqual([
      'geojson-feature-collection',
      'geojson-feature',
      'geojson-geometry',
      'wkt',
    ]);
    expect(branches[2]!.properties!.type!.enum).toEqual(['Polygon', 'MultiPolygon', 'GeometryCollection']);
  });

  it('takes a length as a number or with its unit', () => {
    const [number, withUnit] = describeInput({ type: 'length', unit: 'meters', minimum: 0 }).schema.oneOf!;
    expect(number).toMatchObject({ type: 'number', minimum: 0 });
    expect(withUnit).toMatchObject({
      required: ['value'],
      properties: { unit: { default: 'meters' } },
    });
  });

  it('takes an area likewise', () => {
    const [number, withUnit] = describeInput({ type: 'area', unit: 'hectares', exclusiveMinimum: 0 }).schema
      .oneOf!;
    expect(number).toMatchObject({ type: 'number', minimum: 0, exclusiveMinimum: true });
    expect(withUnit!.properties!.unit).toEqual({ type: 'string', format: 'area-unit', default: 'hectares' });
  });

  it('says how often: an input with a default need not be there', () => {
    expect(describeInput({ type: 'number' })).toMatchObject({ minOccurs: 1, maxOccurs: 1 });
    expect(describeInput({ type: 'number', default: 1 })).toMatchObject({ minOccurs: 0 });
    expect(describeInput({ type: 'features', maxOccurs: 'unbounded' })).toMatchObject({
      maxOccurs: 'unbounded',
    });
  });

  it('says how it can be executed', () => {
    const definition = processDefinitionSchema.parse({ ...base, inputs: {} });
    const options = (alwaysAsync: boolean, preferredTiers = definition.preferredTiers) =>
      processDescription(
        { definition: { ...definition, preferredTiers }, id: 'demo-v2', alwaysAsync },
        'http://h',
      );
    expect(options(false).jobControlOptions).toEqual(['sync-execute', 'async-execute', 'dismiss']);
    expect(options(true).jobControlOptions).toEqual(['async-execute', 'dismiss']);
    expect(options(false, ['cloud-batch']).jobControlOptions).toEqual(['async-execute', 'dismiss']);
    expect(options(false)).toMatchObject({ id: 'demo-v2', outputTransmission: ['value', 'reference'] });
    expect(options(false).outputs).toMatchObject({
      result: { schema: { format: 'geojson-feature-collection' } },
      count: { schema: { type: 'integer' } },
    });
  });
});
