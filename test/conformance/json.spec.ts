import { afterAll, beforeAll, expect } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';
import { submit, untilFinished } from '../support/ogc-client.js';
import { getJson } from './client.js';
import { requirement } from './requirement.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const hasNull = (value: unknown): boolean =>
  value === null || (typeof value === 'object' && Object.values(value).some(hasNull));

requirement('/req/json/definition', async () => {
  const job = await submit(server.url, 'echo', { inputs: { echo: 'x' }, response: 'document' });
  await untilFinished(job);
  const pages = ['/', '/conformance', '/processes', '/processes/echo', '/jobs'].map(
    (path) => server.url + path,
  );
  for (const url of [...pages, job, `${job}/results`]) {
    expect(hasNull(await getJson(url)), url).toBe(false);
    // No Accept, any Accept and the f parameter mean JSON too.
    for (const accept of ['*/*', 'application/json, text/html;q=0.9', 'image/png;q=0.9, application/json'])
      expect((await fetch(url, { headers: { accept } })).headers.get('content-type')).toMatch(
        /^application\/json/,
      );
    const named = await fetch(`${url}?f=json`, { headers: { accept: 'image/png' } });
    expect(named.status).toBe(200);
  }
  for (const url of pages) expect((await fetch(url, { headers: { accept: 'image/png' } })).status).toBe(406);
});
