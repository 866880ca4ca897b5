/** The API definition against the server it describes: both ways, operation by operation. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, expect } from 'vitest';
import { loadCatalog } from '../../src/registry/load-catalog.js';
import { startServer, type TestServer } from '../support/app.js';
import { makeWorkerEnvironment } from '../support/worker-environment.js';
import {
  type ApiDefinition,
  apiDefinition,
  exampleBody,
  filled,
  type Operation,
  realThings,
} from './api-definition.js';
import { follow, getJson, type Link } from './client.js';
import { requirement } from './requirement.js';

const OPENAPI = 'application/vnd.oai.openapi+json;version=3.0';

let folder: string;
let worker: string;
let server: TestServer;
let definition: ApiDefinition;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'honua-definition-'));
  const place = { type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [8.3, 47] } };
  writeFileSync(join(folder, 'places.geojson'), JSON.stringify(place));
  const scripts = loadCatalog('processes').entries.flatMap(
    ({ definition: { handlers } }) => (handlers['cloud-batch']?.script as string | undefined) ?? [],
  );
  worker = makeWorkerEnvironment(scripts);
  server = await startServer({
    Processing__CloudBatch__WorkerFolder: worker,
    ResourceClasses__PythonGpu__needsApproval: 'true', // they are submitted, and need not run
    Layers__places__provider: 'geojson',
    Layers__places__path: join(folder, 'places.geojson'),
  });
  definition = await apiDefinition(server.url);
});
afterAll(async () => {
  await server.close();
  for (const one of [folder, worker]) rmSync(one, { recursive: true, force: true });
});

/** A request that differs from a good one in what is given here. */
interface Variation {
  name: string;
  unknownThings?: boolean;
  query?: string;
  headers?: Record<string, string>;
  body?: string;
}

const GOOD: Variation = { name: 'good' };
const BAD: Variation[] = [
  { name: 'of something that is not there', unknownThings: true },
  { name: 'with a strange query', query: '?limit=-1&f=strange&status=strange&offset=x' },
  { name: 'that accepts nothing we have', headers: { accept: 'application/x-none' } },
  { name: 'with a broken body', body: '{' },
  { name: 'with a body of a strange type', headers: { 'content-type': 'application/x-none' }, body: 'x' },
  { name: 'with an encoding nobody knows', headers: { 'content-encoding': 'x-none' } },
];

async function send(operation: Operation, variation: Variation): Promise<Response> {
  const { method } = operation;
  const nothing = '01990000-0000-7000-8000-000000000000';
  const unknown = {
    processID: 'none',
    jobID: nothing,
    outputID: 'none',
    token: 'none',
    uploadID: nothing,
    layerID: 'none',
  };
  // Most paths name nothing: an execution for each process.
  const isReal = !variation.unknownThings && operation.path.includes('{');
  const things: Record<string, string> = isReal
    ? { ...(await realThings(server.url)), layerID: 'places' }
    : unknown;
  if (isReal && operation.path.endsWith('/children')) things.jobID = things.arrayID!;
  const hasBody = operation.requestBody !== undefined;
  if (!hasBody && variation.body) return send(operation, GOOD);
  return fetch(server.url + filled(operation, things) + (variation.query ?? ''), {
    method,
    redirect: 'manual',
    headers: { ...(hasBody && { 'content-type': 'application/json' }), ...variation.headers },
    ...(hasBody && { body: variation.body ?? exampleBody(operation) ?? '{}' }),
  });
}

/** What of the answer is not documented: its status, or its media type. */
async function undocumented(operation: Operation, variation: Variation): Promise<string[]> {
  const reply = await send(operation, variation);
  await reply.arrayBuffer();
  const what = `${operation.method} ${operation.path}, ${variation.name}: ${reply.status}`;
  const documented = operation.responses[reply.status] ?? operation.responses.default;
  if (!documented) return [what];
  const type = reply.headers.get('content-type')?.split(';')[0];
  const known = documented.content && Object.keys(documented.content);
  return type && !known?.some((one) => one === type || one === '*/*') ? [`${what} ${type}`] : [];
}

requirement('/req/oas30/oas-definition-1', async () => {
  const { links } = await getJson<{ links: Link[] }>(`${server.url}/`);
  const json = await fetch(follow(links, 'service-desc'), { headers: { accept: OPENAPI } });
  expect([json.status, json.headers.get('content-type')]).toEqual([200, OPENAPI]);
  const html = await fetch(follow(links, 'service-doc'), { headers: { accept: 'text/html' } });
  expect([html.status, html.headers.get('content-type')?.split(';')[0]]).toEqual([200, 'text/html']);
});

requirement('/req/oas30/oas-definition-2', async () => {
  const document = await getJson(`${server.url}/api/openapi.json`);
  expect(document.openapi).toMatch(/^3\.0\./);
  const { valid, errors } = await new Validator().validate(document);
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
});

requirement('/req/oas30/oas-impl', async () => {
  expect(definition.operations.length).toBeGreaterThan(20);
  const refused: string[] = [];
  for (const operation of definition.operations) {
    const { status } = await send(operation, GOOD);
    if (status >= 400) refused.push(`${operation.method} ${operation.path}: ${status}`);
  }
  expect(refused).toEqual([]);
});

requirement('/req/oas30/completeness', async () => {
  const missing: string[] = [];
  for (const operation of definition.operations)
    for (const variation of [GOOD, ...BAD]) missing.push(...(await undocumented(operation, variation)));
  expect(missing).toEqual([]);
});

requirement('/req/oas30/exceptions-codes', async () => {
  const bare = definition.operations.flatMap(({ method, path, responses }) => [
    ...(responses[500] ? [] : [`${method} ${path}: no 500`]),
    ...Object.entries(responses)
      .filter(([status, { content }]) => Number(status) >= 400 && status !== '416' && !content)
      .map(([status]) => `${method} ${path}: ${status} without a schema`),
  ]);
  expect(bare).toEqual([]);
});

/** Open mode asks nobody for credentials, and the definition names none. */
requirement('/req/oas30/security', async () => {
  expect(definition.security ?? []).toEqual([]);
  expect(definition.components?.securitySchemes ?? {}).toEqual({});
  for (const operation of definition.operations) {
    expect(operation.security ?? []).toEqual([]);
    expect([401, 403]).not.toContain((await send(operation, GOOD)).status);
  }
});
