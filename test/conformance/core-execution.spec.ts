import type { FeatureCollection } from 'geojson';
import { afterAll, beforeAll, expect } from 'vitest';
import { startReceiver } from '../support/receiver.js';
import { startServer, type TestServer } from '../support/app.js';
import { jobUrl, post, untilFinished } from '../support/ogc-client.js';
import { INSTALL_LIMIT_MS, python, workerReady } from '../support/python-worker.js';
import { shippedProcess } from '../support/tier-harness.js';
import { expectException, follow, getJson, headerLinks, partsOf, REL } from './client.js';
import { requirement } from './requirement.js';
import { expectValid } from './standard-schemas.js';

let server: TestServer;
beforeAll(async () => {
  if (python) await workerReady();
  server = await startServer();
}, INSTALL_LIMIT_MS);
afterAll(() => server.close());

const ECHO = { inputs: { echo: 'teststring' } };
const POINT = { type: 'Point', coordinates: [10, 50] };
const INVALID = 'urn:honua:problem:invalid-input';
const echo = (body: object, headers: Record<string, string> = {}): Promise<Response> =>
  post(server.url, 'echo', { ...ECHO, ...body }, headers);
const buffer = (features: unknown): Promise<Response> =>
  post(server.url, 'buffer', { inputs: { features, distance: 1000 } });

async function expectOneArea(reply: Response): Promise<void> {
  expect(reply.status).toBe(200);
  const { type, features } = (await reply.json()) as FeatureCollection;
  expect(type).toBe('FeatureCollection');
  expect(features.map(({ geometry }) => geometry.type)).toEqual(['Polygon']);
}

requirement('/req/core/process-execute-op', async () => {
  const { links } = await getJson(`${server.url}/processes/echo`);
  const reply = await fetch(follow(links, `${REL}/execute`), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(ECHO),
  });
  expect(reply.status).toBe(200);
});

requirement('/req/core/process-execute-request', async () => {
  const outputs = { echo: { transmissionMode: 'value', format: { mediaType: 'application/json' } } };
  expect((await echo({ outputs, response: 'raw' })).status).toBe(200);
  for (const wrong of [
    '[]',
    '"x"',
    '{"inputs":[]}',
    '{"inputs":{"echo":"x"},"response":"pdf"}',
    '{"inputs":',
    '',
  ])
    await expectException(await post(server.url, 'echo', wrong), 400, INVALID);
  await expectException(await post(server.url, 'echo', { 'invalid-execute-request': 'true)' }), 400, INVALID);
});

/** By value. A value by reference is not fetched yet, and that is said rather than ignored. */
requirement('/req/core/process-execute-inputs', async () => {
  expect((await echo({})).status).toBe(200);
  const host = await startReceiver();
  const own = await startServer({ Outbound__Allow: host.host });
  host.content = () => ({ type: 'application/geo+json', body: JSON.stringify(POINT) });
  const link = { href: `${host.url}/point.geojson`, type: 'application/geo+json' };
  const body = { inputs: { features: link, distance: 1000 } };
  await expectOneArea(await post(own.url, 'buffer', body));
  const [byReference, byValue] = await Promise.all([
    post(own.url, 'buffer', body),
    post(server.url, 'buffer', { inputs: { features: POINT, distance: 1000 } }),
  ]);
  expect(await byReference.text()).toBe(await byValue.text());
  await own.close();
  await host.close();
});

requirement('/req/core/process-execute-input-array', async () => {
  const { processes } = await getJson(`${server.url}/processes?limit=1000`);
  const many: string[] = [];
  for (const { id } of processes) {
    const { inputs } = await getJson(`${server.url}/processes/${id}`);
    for (const [name, { maxOccurs }] of Object.entries<{ maxOccurs: unknown }>(inputs))
      if (maxOccurs !== 1) many.push(`${id} ${name}`);
  }
  expect(many).toContain('dissolve by');
  const features = {
    type: 'FeatureCollection',
    features: ['a', 'a', 'b'].map((k, x) => ({
      type: 'Feature',
      properties: { k, same: 1 },
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [x, 0],
            [x + 1, 0],
            [x + 1, 1],
            [x, 1],
            [x, 0],
          ],
        ],
      },
    })),
  };
  for (const by of ['k', ['k'], ['k', 'same']]) {
    const reply = await post(server.url, 'dissolve', { inputs: { features, by } });
    expect(reply.status).toBe(200);
    expect(((await reply.json()) as FeatureCollection).features).toHaveLength(2);
  }
});

/** The catalog has no binary input; whoever adds one makes this fail, and tests it here. */
requirement('/req/core/process-execute-input-inline-binary', async () => {
  expect(await inputSchemas('contentEncoding')).toContain('ndvi');
  const [example] = shippedProcess('ndvi.yaml').examples;
  const reply = await post(server.url, 'ndvi', { inputs: example!.inputs }, { prefer: 'respond-async' });
  if (!python) return void (await expectException(reply, 503, 'urn:honua:problem:no-tier'));
  expect(reply.status).toBe(201);
  expect(await untilFinished(jobUrl(server.url, reply))).toMatchObject({ status: 'successful' });
});

async function inputSchemas(containing: string): Promise<string[]> {
  const { processes } = await getJson(`${server.url}/processes?limit=1000`);
  const found: string[] = [];
  for (const { id } of processes) {
    const { inputs } = await getJson(`${server.url}/processes/${id}`);
    if (JSON.stringify(inputs).includes(containing)) found.push(id as string);
  }
  return found;
}

requirement('/req/core/process-execute-input-inline-object', async () => {
  await expectOneArea(await buffer({ value: POINT }));
  await expectOneArea(await buffer(POINT));
  const distance = { value: { value: 1, unit: 'kilometers' } };
  await expectOneArea(await post(server.url, 'buffer', { inputs: { features: POINT, distance } }));
});

requirement('/req/core/process-execute-input-mixed-type', async () => {
  await expectOneArea(await buffer({ value: POINT, mediaType: 'application/geo+json' }));
  await expectOneArea(await buffer({ value: 'POINT (10 50)', mediaType: 'text/plain' }));
  await expectOneArea(await buffer({ value: 'POINT (10 50)', format: { mediaType: 'text/plain' } }));
  await expectOneArea(await buffer('POINT (10 50)'));
});

requirement('/req/core/process-execute-input-validation', async () => {
  const wrong: [object, string][] = [
    [{ echo: 5 }, '/inputs/echo'],
    [{ echo: { value: 5 } }, '/inputs/echo/value'],
    [{ echo: 'x', pause: -1 }, '/inputs/pause'],
    [{ echo: 'x', pause: '1' }, '/inputs/pause'],
    [{ echo: 'x', other: 1 }, '/inputs/other'],
    [{}, '/inputs/echo'],
  ];
  for (const [inputs, path] of wrong) {
    const problem = await expectException(await post(server.url, 'echo', { inputs }), 400, INVALID);
    expect(problem.faults.map((fault: { path: string }) => fault.path)).toContain(path);
  }
});

requirement('/req/core/process-execute-default-outputs', async () => {
  const all = (await (await echo({ response: 'document' })).json()) as object;
  const { outputs } = await getJson(`${server.url}/processes/echo`);
  expect(Object.keys(all).sort()).toEqual(Object.keys(outputs).sort());
  const none = await echo({ outputs: {}, response: 'document' });
  expect([none.status, await none.text()]).toEqual([204, '']);
});

requirement('/req/core/process-execute-default-execution-mode', async () => {
  const { jobControlOptions } = await getJson(`${server.url}/processes/echo`);
  expect(jobControlOptions).toEqual(expect.arrayContaining(['sync-execute', 'async-execute']));
  expect((await echo({})).status).toBe(200);
  // A preference that is not registered is none.
  const reply = await echo({}, { prefer: 'respond-sync' });
  expect([reply.status, reply.headers.get('preference-applied')]).toEqual([200, null]);
});

requirement('/req/core/process-execute-auto-execution-mode', async () => {
  for (const prefer of ['respond-async', 'respond-async ', 'foo=bar, respond-async; x="1"']) {
    const reply = await echo({}, { prefer });
    expect([reply.status, reply.headers.get('preference-applied')]).toEqual([201, 'respond-async']);
  }
  const quick = await echo({}, { prefer: 'respond-async, wait=10' });
  expect([quick.status, quick.headers.get('preference-applied')]).toEqual([200, 'wait=10']);
  const slow = await echo({ inputs: { echo: 'x', pause: 4 } }, { prefer: 'respond-async, wait=1' });
  expect([slow.status, slow.headers.get('preference-applied')]).toEqual([201, 'respond-async, wait=1']);
  const minimal = await echo({}, { prefer: 'respond-async, return=minimal' });
  expect([minimal.status, await minimal.text()]).toEqual([201, '']);
});

requirement('/req/core/process-execute-sync-raw-value-one', async () => {
  const reply = await echo({ outputs: { echo: { transmissionMode: 'value' } } });
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/json']);
  expect(await reply.json()).toBe('teststring');
  const text = await echo({ outputs: { echo: { format: { mediaType: 'text/plain' } } } });
  expect([text.headers.get('content-type'), await text.text()]).toEqual([
    'text/plain;charset=utf-8',
    'teststring',
  ]);
  const area = await buffer(POINT);
  expect(area.headers.get('content-type')).toBe('application/geo+json');
  await expectOneArea(area);
});

requirement('/req/core/process-execute-sync-raw-value-multi', async () => {
  const reply = await echo({});
  expect(reply.status).toBe(200);
  const parts = await partsOf(reply);
  expect(parts.map(({ headers }) => headers['content-id'])).toEqual(['echo', 'length']);
  expect(parts.map(({ body }) => body)).toEqual(['teststring', '10']);
  expect(parts.map(({ headers }) => headers['content-type'])).toEqual(
    Array(2).fill('text/plain;charset=utf-8'),
  );
  const json = { format: { mediaType: 'application/json' } };
  const asked = await partsOf(await echo({ outputs: { echo: json, length: json } }));
  expect(asked.map(({ body }) => body)).toEqual(['"teststring"', '10']);
});

requirement('/req/core/process-execute-sync-raw-ref', async () => {
  const reference = { transmissionMode: 'reference' };
  const reply = await echo({ outputs: { echo: reference, length: reference } });
  expect([reply.status, await reply.text()]).toEqual([204, '']);
  const links = headerLinks(reply);
  expect(await (await fetch(links.find(({ rel }) => rel === 'echo')!.href)).json()).toBe('teststring');
  expect(await (await fetch(links.find(({ rel }) => rel === 'length')!.href)).json()).toBe(10);
});

requirement('/req/core/process-execute-sync-raw-mixed-multi', async () => {
  const outputs = { echo: { transmissionMode: 'reference' }, length: { transmissionMode: 'value' } };
  const reply = await echo({ outputs });
  expect(reply.status).toBe(200);
  const [first, second] = await partsOf(reply);
  expect([first!.headers['content-id'], first!.body]).toEqual(['echo', '']);
  expect(await (await fetch(first!.headers['content-location']!)).json()).toBe('teststring');
  expect([second!.headers['content-id'], second!.body]).toEqual(['length', '10']);
});

requirement('/req/core/process-execute-sync-document', async () => {
  const outputs = { echo: { transmissionMode: 'reference' }, length: {} };
  const reply = await echo({ outputs, response: 'document' });
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/json']);
  const mixed = (await reply.json()) as Record<string, any>;
  expectValid('results', mixed);
  expect(mixed.length).toBe(10);
  expect(mixed.echo).toMatchObject({ rel: 'echo', type: 'application/json', sizeBytes: 12 });
  expect(Date.parse(mixed.echo.expiresAt)).toBeGreaterThan(Date.now());
  expect(await (await fetch(mixed.echo.href)).json()).toBe('teststring');
  const area = await post(server.url, 'buffer', {
    inputs: { features: POINT, distance: 5 },
    response: 'document',
  });
  const { result } = (await area.json()) as Record<string, any>;
  expectValid('results', { result });
  expect([result.mediaType, result.value.type]).toEqual(['application/geo+json', 'FeatureCollection']);
});

requirement('/req/core/process-execute-success-async', async () => {
  const reply = await echo({}, { prefer: 'respond-async' });
  expect(reply.status).toBe(201);
  const location = reply.headers.get('location')!;
  const accepted = (await reply.json()) as Record<string, any>;
  expectValid('statusInfo', accepted);
  expect(accepted).toMatchObject({ status: 'accepted', message: 'Process execution scheduled', progress: 0 });
  expect(location).toBe(`${server.url}/jobs/${accepted.jobID}`);
  expect((await getJson(location)).jobID).toBe(accepted.jobID);
});
