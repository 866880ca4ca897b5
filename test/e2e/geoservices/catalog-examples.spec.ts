import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDefinition } from '../../../src/registry/index.js';
import { startServer, type TestServer } from '../../support/app.js';
import { gp } from '../../support/esri-client.js';

/** Every example of the catalog, over the other protocol: the whole way from its JSON to feature sets. */
const folder = resolve(import.meta.dirname, '../../../processes');
let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

/** A value of GP as the catalog writes it. */
function plain({ dataType, value }: { dataType: string; value: any }): unknown {
  if (dataType === 'GPRecordSet')
    return value.features.map(({ attributes }: { attributes: object }) => attributes);
  if (dataType === 'GPDate') return new Date(value).toISOString();
  return dataType === 'GPTimeUnit' ? `PT${value.time}S` : value;
}

for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml'))) {
  const { definition } = loadDefinition(file, readFileSync(join(folder, file), 'utf8')).entry!;
  const task = file.replace('.yaml', '').replaceAll('-', '_');
  describe(task, () => {
    it.each(definition.examples)('$title', async ({ inputs, expect: expected }) => {
      const reply = await fetch(gp(server.url, `${task}/execute`), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(inputs),
      });
      const { results, error } = (await reply.json()) as { results: any[]; error?: object };
      expect(error).toBeUndefined();
      expect(results).toHaveLength(Object.keys(definition.outputs).length);
      const features = results.find(({ dataType }) => dataType === 'GPFeatureRecordSetLayer')?.value;
      if (expected.featureCount !== undefined) expect(features.features).toHaveLength(expected.featureCount);
      if (expected.outputs)
        expect(results.map(plain)).toEqual(expect.arrayContaining(Object.values(expected.outputs)));
    });
  });
}
