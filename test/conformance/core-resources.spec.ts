import { request } from 'node:http';
import { afterAll, beforeAll, expect } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';
import { EXCEPTION, expectException, follow, getJson, type Link, REL } from './client.js';
import { requirement } from './requirement.js';
import { expectValid } from './standard-schemas.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

requirement('/req/core/landingpage-op', async () => {
  expect((await fetch(`${server.url}/`)).status).toBe(200);
});

requirement('/req/core/landingpage-success', async () => {
  const page = await getJson(`${server.url}/`);
  expectValid('landingPage', page);
  const rels = (page.links as Link[]).map(({ rel }) => rel);
  expect(rels).toEqual(expect.arrayContaining(['service-desc', 'service-doc']));
  expect(rels).toEqual(expect.arrayContaining([`${REL}/conformance`, `${REL}/processes`, `${REL}/job-list`]));
});

requirement('/req/core/api-definition-op', async () => {
  const { links } = await getJson(`${server.url}/`);
  for (const rel of ['service-desc', 'service-doc'])
    expect((await fetch(follow(links, rel))).status).toBe(200);
});

requirement('/req/core/api-definition-success', async () => {
  const { links } = await getJson(`${server.url}/`);
  const link = (links as Link[]).find(({ rel }) => rel === 'service-desc')!;
  expect(link.type).toBe('application/vnd.oai.openapi+json;version=3.0');
  const reply = await fetch(link.href);
  expect(reply.headers.get('content-type')).toBe(link.type);
  const definition = (await reply.json()) as { openapi: string; paths: Record<string, object> };
  expect(definition.openapi).toMatch(/^3\.0\./);
  expect(Object.keys(definition.paths)).toEqual(
    expect.arrayContaining([
      '/',
      '/conformance',
      '/processes',
      '/processes/{processID}',
      '/processes/{processID}/execution',
      '/processes/echo/execution',
      '/jobs',
      '/jobs/{jobID}',
      '/jobs/{jobID}/results',
    ]),
  );
});

requirement('/req/core/conformance-op', async () => {
  expect((await fetch(`${server.url}/conformance`)).status).toBe(200);
});

requirement('/req/core/conformance-success', async () => {
  const page = await getJson(`${server.url}/conformance`);
  expectValid('confClasses', page);
  const classes = ['core', 'ogc-process-description', 'json', 'html', 'job-list', 'callback', 'dismiss'];
  const root = 'http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf';
  expect(page.conformsTo).toEqual(expect.arrayContaining(classes.map((name) => `${root}/${name}`)));
});

requirement('/req/core/http', async () => {
  const version = await new Promise((resolve, reject) => {
    request(server.url, (reply) => {
      reply.resume();
      resolve(reply.httpVersion);
    })
      .on('error', reject)
      .end();
  });
  expect(version).toBe('1.1');
  const head = await fetch(`${server.url}/processes`, { method: 'HEAD' });
  expect(head.status).toBe(200);
  expect(Number(head.headers.get('content-length'))).toBeGreaterThan(0);
  expect((await fetch(`${server.url}/nowhere`)).status).toBe(404);
  const wrong = await fetch(`${server.url}/processes/echo/execution`, { method: 'PUT' });
  expect(wrong.status).toBe(405);
  expect(wrong.headers.get('allow')).toBe('POST');
});

requirement('/req/core/test-process', async () => {
  const { inputs, outputs, jobControlOptions } = await getJson(`${server.url}/processes/echo`);
  const [first, ...others] = Object.keys(inputs as object);
  expect(inputs[first!].schema).toMatchObject({ type: 'string' });
  expect(Object.keys(outputs as object)).toContain(first);
  for (const name of others) expect(inputs[name].minOccurs).toBe(0);
  expect(jobControlOptions).toEqual(expect.arrayContaining(['sync-execute', 'async-execute']));
});

requirement('/req/core/process-list', async () => {
  expect((await fetch(`${server.url}/processes`)).status).toBe(200);
});

requirement('/req/core/process-list-success', async () => {
  const page = await getJson(`${server.url}/processes`);
  expectValid('processList', page);
  expect(page.processes.length).toBeGreaterThan(0);
});

requirement('/req/core/pl-limit-definition', async () => {
  for (const limit of ['1', '10000'])
    expect((await fetch(`${server.url}/processes?limit=${limit}`)).status).toBe(200);
  for (const limit of ['0', '-1', 'x', '1.5', ''])
    await expectException(
      await fetch(`${server.url}/processes?limit=${limit}`),
      400,
      `${EXCEPTION}/invalid-query-parameter-value`,
    );
});

requirement('/req/core/pl-limit-response', async () => {
  const found: string[] = [];
  const all = await getJson(`${server.url}/processes?limit=10000`);
  let url: string | undefined = `${server.url}/processes?limit=1`;
  while (url) {
    const { processes, links }: { processes: { id: string }[]; links: Link[] } = await getJson(url);
    expect(processes).toHaveLength(1);
    found.push(processes[0]!.id);
    url = links.find(({ rel }) => rel === 'next')?.href;
  }
  expect(found).toEqual(all.processes.map(({ id }: { id: string }) => id));
  const second = await getJson(`${server.url}/processes?limit=1&offset=1`);
  expect((await getJson(follow(second.links, 'prev'))).processes[0].id).toBe(found[0]);
});

requirement('/req/core/pl-links', async () => {
  const { links } = await getJson(`${server.url}/processes?limit=2`);
  expect(follow(links, 'self')).toBe(`${server.url}/processes?limit=2`);
  const page = await fetch(follow(links, 'alternate'));
  expect(page.headers.get('content-type')).toMatch(/^text\/html/);
});

requirement('/req/core/process', async () => {
  const { processes } = await getJson(`${server.url}/processes?limit=10000`);
  for (const { links } of processes) expect((await fetch(follow(links, 'self'))).status).toBe(200);
});

requirement('/req/core/process-success', async () => {
  const description = await getJson(`${server.url}/processes/echo`);
  expectValid('process', description);
  expect(description.id).toBe('echo');
  expect(follow(description.links, `${REL}/execute`)).toBe(`${server.url}/processes/echo/execution`);
});

requirement('/req/core/process-exception/no-such-process', async () => {
  const type = `${EXCEPTION}/no-such-process`;
  await expectException(await fetch(`${server.url}/processes/nothing`), 404, type);
  const execution = await fetch(`${server.url}/processes/nothing/execution`, { method: 'POST', body: '{}' });
  await expectException(execution, 404, type);
});
