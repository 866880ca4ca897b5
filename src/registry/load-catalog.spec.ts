import { describe, expect, it } from 'vitest';
import { loadDefinition } from './load-catalog.js';

const GOOD = `id: buffer
title: Buffer
description: Grows shapes.
version: 1.0.0
preferredTiers: [nts]
inputs:
  features: { title: Features, type: features, aliases: [geometries] }
outputs:
  result: { title: Result, type: features }
handlers:
  in-process: { operation: buffer }
examples:
  - title: A point
    inputs: { geometries: { type: Point, coordinates: [0, 0] } }
`;

describe('a process file', () => {
  it('is read, older tier names included, and hashed', () => {
    const { entry, faults } = loadDefinition('buffer.yaml', GOOD);
    expect(faults).toEqual([]);
    expect(entry!.definition.preferredTiers).toEqual(['in-process']);
    expect(entry!.definition.hints.estimatedCostUnits).toBe(1);
    expect(entry!.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['an unknown key', GOOD.replace('title: Buffer', 'titel: Buffer'), 2, /titel: unknown key/],
    ['a wrong type', GOOD.replace('version: 1.0.0', 'version: [1]'), 4, /version/],
    ['broken YAML', GOOD.replace('preferredTiers: [nts]', 'preferredTiers: [nts'), 6, /./],
    ['a tier without a handler', GOOD.replace('[nts]', '[postgis]'), 5, /postgis.*handlers/],
    ['a handler for no tier', GOOD.replace('in-process: {', 'moon: {'), 11, /moon|in-process/],
    ['an alias that hides an input', GOOD.replace('[geometries]', '[features]'), 7, /alias features/],
    ['an example of a strange input', GOOD.replace('{ geometries:', '{ shapes:'), 13, /shapes/],
  ])('with %s is refused with its line and reason', (_name, text, line, reason) => {
    const { entry, faults } = loadDefinition('buffer.yaml', text);
    expect(entry).toBeUndefined();
    expect(faults).toContainEqual(
      expect.objectContaining({ file: 'buffer.yaml', line, reason: expect.stringMatching(reason) }),
    );
  });
});
