import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDefinition } from '../../../src/registry/index.js';
import { itemIdOf } from '../../../src/execution-adapter/upload-item-id.js';
import { startServer, type TestServer } from '../../support/app.js';
import { gp } from '../../support/esri-client.js';
import { INSTALL_LIMIT_MS, python, workerReady } from '../../support/python-worker.js';

/** Every example of the catalog, over the other protocol: the whole way from its JSON to feature sets. */
const folder = resolve(import.meta.dirname, '../../../processes');
let server: TestServer;

beforeAll(async () => {
  if (python) await workerReady();
  server = await startServer();
}, INSTALL_LIMIT_MS);
afterAll(() => server.close());

/** A value of GP as the catalog writes it. */
function plain({ dataType, value }: { dataType: string; value: any }): unknown {
  if (dataType === 'GPRecordSet')
    return value.features.map(({ attributes }: { attributes: object }) => attributes);
  if (dataType === 'GPDate') return new Date(value).toISOString();
  return dataType === 'GPTimeUnit' ? `PT${value.time}S` : value;
}

/** Objects are text in GP. */
const bare = (expected: unknown): unknown => {
  const { value, mediaType } = (expected ?? {}) as { value?: unknown; mediaType?: string };
  return mediaType === 'application/json' ? JSON.stringify(value) : expected;
};

/** Files are sent ahead: GP has no place for their bytes. */
async function withItems(inputs: Record<string, unknown>): Promise<Record<string, unknown>> {
  const item = async (given: unknown): Promise<unknown> => {
    if (Array.isArray(given)) return Promise.all(given.map(item));
    const { value, encoding, mediaType } = (given ?? {}) as Record<string, string>;
    if (encoding !== 'base64') return given;
    const reply = await fetch(`${server.url}/uploads`, {
      method: 'POST',
      headers: { 'content-type': mediaType! },
      body: Buffer.from(value!, 'base64'),
    });
    return { itemID: itemIdOf(((await reply.json()) as { id: string }).id) };
  };
  const entries = Object.entries(inputs).map(async ([name, given]) => [name, await item(given)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml'))) {
  const { definition } = loadDefinition(file, readFileSync(join(folder, file), 'utf8')).entry!;
  const task = file.replace('.yaml', '').replaceAll('-', '_');
  const runs =
    definition.enabled &&
    (python !== undefined || definition.preferredTiers.some((tier) => tier !== 'cloud-batch'));
  describe.runIf(runs)(task, () => {
    it.each(definition.examples)('$title', async ({ inputs, expect: expected }) => {
      const reply = await fetch(gp(server.url, `${task}/execute`), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(await withItems(inputs)),
      });
      const { results, error } = (await reply.json()) as { results: any[]; error?: object };
      expect(error).toBeUndefined();
      expect(results).toHaveLength(Object.keys(definition.outputs).length);
      const features = results.find(({ dataType }) => dataType === 'GPFeatureRecordSetLayer')?.value;
      if (expected.featureCount !== undefined) expect(features.features).toHaveLength(expected.featureCount);
      if (expected.outputs)
        expect(results.map(plain)).toEqual(expect.arrayContaining(Object.values(expected.outputs).map(bare)));
    });
  });
}
