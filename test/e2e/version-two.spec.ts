/** What is served from the draft of OGC API - Processes 2.0 (18-062r3), beside 1.0. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';
import { post, untilFinished } from '../support/ogc-client.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const EXCEPTIONS = 'http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0';

async function job(body: object, process = 'echo'): Promise<string> {
  const reply = await post(server.url, process, body, { prefer: 'respond-async' });
  const location = reply.headers.get('location')!;
  await untilFinished(location);
  return location;
}

it('/jobs/{jobID}/results/{outputID} is one output by value', async () => {
  const location = await job({
    inputs: { echo: 'Zürich' },
    outputs: { echo: { transmissionMode: 'reference' } },
  });
  const reply = await fetch(`${location}/results/echo`);
  expect([reply.status, reply.headers.get('content-type'), await reply.json()]).toEqual([
    200,
    'application/json',
    'Zürich',
  ]);
  for (const unknown of ['length', 'none', '__proto__']) {
    const problem = await fetch(`${location}/results/${unknown}`);
    expect([problem.status, await problem.json()]).toEqual([
      400,
      expect.objectContaining({ type: `${EXCEPTIONS}/no-such-output` }),
    ]);
  }
});

it('an output in the media type that was asked for', async () => {
  const outputs = { echo: { format: { mediaType: 'text/plain' } } };
  const reply = await fetch(`${await job({ inputs: { echo: 'Zürich' }, outputs })}/results/echo`);
  expect([reply.headers.get('content-type'), await reply.text()]).toEqual([
    'text/plain;charset=utf-8',
    'Zürich',
  ]);
});

it('no outputs wanted: 204 at once, and no results to be had later', async () => {
  const body = { inputs: { echo: 'x' }, outputs: {} };
  const reply = await post(server.url, 'echo', body);
  expect([reply.status, await reply.text()]).toEqual([204, '']);
  const location = await job(body);
  const later = await fetch(`${location}/results`);
  expect([later.status, await later.json()]).toEqual([
    404,
    expect.objectContaining({ type: `${EXCEPTIONS}/result-not-available` }),
  ]);
});

it('a status has the names of both versions', async () => {
  const location = await job({ inputs: { echo: 'x' } });
  const status = (await (await fetch(location)).json()) as Record<string, unknown>;
  expect(status).toMatchObject({
    id: status.jobID,
    type: 'process',
    processingEntityType: 'ogc-api-processes',
    status: 'successful',
  });
  expect(status).not.toHaveProperty('exception');
});

it('handling=strict refuses what it does not understand', async () => {
  const send = (prefer: string): Promise<Response> =>
    post(server.url, 'echo', { inputs: { echo: 'x' } }, { prefer });
  const strict = await send('handling=strict, return=minimal, wait=20');
  expect([strict.status, strict.headers.get('preference-applied')]).toEqual([
    204,
    'wait=20, return=minimal, handling=strict',
  ]);
  const refused = await send('handling=strict, respond-sync');
  expect([refused.status, await refused.json()]).toEqual([
    400,
    expect.objectContaining({ detail: expect.stringContaining('respond-sync') }),
  ]);
  expect((await send('respond-sync')).status).toBe(200);
});
