import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  attemptOf,
  outputsOf,
  shippedProcess,
  startInProcessTier,
  type TierHarness,
} from '../support/tier-harness.js';

const files = readdirSync(resolve(import.meta.dirname, '../../processes')).filter((file) =>
  file.endsWith('.yaml'),
);
const examples = files.flatMap((file) => {
  const definition = shippedProcess(file);
  return definition.examples.map((example) => ({ definition, example, name: `${file}: ${example.title}` }));
});

let harness: TierHarness;
beforeAll(async () => {
  harness = await startInProcessTier();
});
afterAll(() => harness.close());

describe('the examples of the catalog, on tier 1', () => {
  it.each(examples.filter(({ definition }) => definition.handlers['in-process']))(
    '$name',
    async ({ definition, example }) => {
      const outputs = await outputsOf(harness, attemptOf(definition, { inputs: example.inputs }));
      expect(Object.keys(outputs).sort()).toEqual(Object.keys(definition.outputs).sort());
      const { featureCount, geometryType, properties, outputs: plain } = example.expect;
      if (featureCount !== undefined) expect(outputs.result.features).toHaveLength(featureCount);
      if (geometryType) expect(outputs.result.features[0].geometry.type).toBe(geometryType);
      if (properties) expect(outputs.result.features[0].properties).toMatchObject(properties);
      if (plain) expect(outputs).toMatchObject(plain);
    },
  );
});
