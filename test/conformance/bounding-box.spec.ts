/** A bounding box as an input, with a process of its own: the echo process must not have one for the OGC test suite. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';
import { post } from '../support/ogc-client.js';
import { getJson } from './client.js';
import { requirement } from './requirement.js';
import { expectValid } from './standard-schemas.js';

const echo = resolve(import.meta.dirname, '../../processes/echo.yaml');

let folder: string;
let server: TestServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'honua-processes-'));
  const area = '  area: { title: Area, type: bbox, minOccurs: 0 }\noutputs:';
  writeFileSync(join(folder, 'echo.yaml'), readFileSync(echo, 'utf8').replace('outputs:', area));
  server = await startServer({ Processing__ProcessesFolder: folder });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const status = async (area: unknown): Promise<number> =>
  (await post(server.url, 'echo', { inputs: { echo: 'x', area } })).status;

requirement('/req/core/process-execute-input-inline-bbox', async () => {
  const { inputs } = await getJson(`${server.url}/processes/echo`);
  expectValid('schema', inputs.area.schema);
  expect(inputs.area.schema).toMatchObject({ type: 'object', format: 'ogc-bbox', required: ['bbox'] });
  expect(await status({ bbox: [51.9, 7, 52, 7.1] })).toBe(200);
  expect(await status({ bbox: [51.9, 7, 52, 7.1], crs: 'urn:ogc:def:crs:EPSG:6.6:4326' })).toBe(200);
  const crs = 'http://www.opengis.net/def/crs/OGC/0/CRS84h';
  expect(await status({ bbox: [170, -10, 0, -170, 10, 90], crs })).toBe(200);
  for (const wrong of [
    [1, 2, 3],
    [1, 2, 3, '4'],
    [0, 5, 1, -5],
    [1, 2, 3, 4, 5, 6, 7],
  ])
    expect(await status({ bbox: wrong }), JSON.stringify(wrong)).toBe(400);
  expect(await status({ bbox: [0, 0, 1, 1], crs: 'here' })).toBe(400);
  expect(await status([0, 0, 1, 1])).toBe(400);
});
