import { afterAll, beforeAll, expect } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';
import { getJson } from './client.js';
import { requirement } from './requirement.js';
import { expectValid } from './standard-schemas.js';

type Described = Record<string, { schema: Record<string, any>; minOccurs?: number; maxOccurs?: unknown }>;
interface Description {
  id: string;
  inputs: Described;
  outputs: Described;
}

let server: TestServer;
let all: Description[];
beforeAll(async () => {
  server = await startServer();
  const { processes } = await getJson(`${server.url}/processes?limit=10000`);
  const ids = processes.map(({ id }: { id: string }) => id) as string[];
  all = await Promise.all(ids.map((id) => getJson<Description>(`${server.url}/processes/${id}`)));
});
afterAll(() => server.close());

const one = (id: string): Description => all.find((description) => description.id === id)!;
const schemasOf = (values: Described): Record<string, any>[] =>
  Object.values(values).map(({ schema }) => schema);

requirement('/req/ogc-process-description/json-encoding', async () => {
  expect(all.length).toBeGreaterThan(1);
  for (const description of all) expectValid('process', description);
});

requirement('/req/ogc-process-description/inputs-def', async () => {
  expect(Object.keys(one('echo').inputs)).toEqual(['echo', 'pause']);
  expect(Object.keys(one('buffer').inputs)).toEqual(expect.arrayContaining(['features', 'distance']));
  for (const { inputs } of all)
    for (const input of Object.values(inputs)) expectValid('inputDescription', input);
});

requirement('/req/ogc-process-description/input-def', async () => {
  for (const { inputs } of all) for (const schema of schemasOf(inputs)) expectValid('schema', schema);
  expect(one('echo').inputs.pause).toMatchObject({ minOccurs: 0, schema: { type: 'number', minimum: 0 } });
});

requirement('/req/ogc-process-description/input-mixed-type', async () => {
  const branches = one('buffer').inputs.features!.schema.oneOf as Record<string, any>[];
  expect(branches.map(({ format }) => format as string)).toEqual([
    'geojson-feature-collection',
    'geojson-feature',
    'geojson-geometry',
    'wkt',
  ]);
  for (const branch of branches) expectValid('schema', branch);
});

requirement('/req/ogc-process-description/outputs-def', async () => {
  expect(Object.keys(one('echo').outputs)).toEqual(['echo', 'length']);
  for (const { outputs } of all)
    for (const output of Object.values(outputs)) expectValid('outputDescription', output);
});

requirement('/req/ogc-process-description/output-def', async () => {
  for (const { outputs } of all) for (const schema of schemasOf(outputs)) expectValid('schema', schema);
  expect(one('buffer').outputs.result!.schema).toMatchObject({
    type: 'object',
    format: 'geojson-feature-collection',
    contentMediaType: 'application/geo+json',
  });
});

/** No output comes in several types: each has one, or says its several by oneOf. */
requirement('/req/ogc-process-description/output-mixed-type', async () => {
  for (const { outputs } of all)
    for (const schema of schemasOf(outputs)) expect(schema.type ?? schema.oneOf).toBeDefined();
});
