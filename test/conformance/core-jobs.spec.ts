import { afterAll, beforeAll, expect } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';
import { post, submit, untilFinished } from '../support/ogc-client.js';
import {
  EXCEPTION,
  expectException,
  follow,
  getJson,
  headerLinks,
  type Link,
  partsOf,
  REL,
  syncAndAsync,
} from './client.js';
import { requirement } from './requirement.js';
import { expectValid } from './standard-schemas.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ ResourceClasses__CpuBurst__MaxExecutionTime: '3s' });
});
afterAll(() => server.close());

const inputs = { echo: 'teststring' };
const reference = { transmissionMode: 'reference' };
const NEVER = '01900000-0000-7000-8000-000000000000';
const echo = (body: object): Promise<[Response, Response]> =>
  syncAndAsync(server.url, 'echo', { inputs, ...body });

requirement('/req/core/job', async () => {
  const job = await submit(server.url, 'echo', { inputs });
  expect((await fetch(job)).status).toBe(200);
});

requirement('/req/core/job-success', async () => {
  const job = await submit(server.url, 'echo', { inputs: { ...inputs, pause: 1 } });
  const first = await getJson(job);
  expectValid('statusInfo', first);
  expect((first.links as Link[]).map(({ rel }) => rel)).toEqual(
    expect.arrayContaining(['self', 'monitor', 'cancel']),
  );
  expect((first.links as Link[]).map(({ rel }) => rel)).not.toContain(`${REL}/results`);
  await untilFinished(job);
  const last = await getJson(job);
  expectValid('statusInfo', last);
  expect(last).toMatchObject({
    processID: 'echo',
    status: 'successful',
    progress: 100,
    executedTier: 'in-process',
  });
  expect(follow(last.links, `${REL}/results`)).toBe(`${job}/results`);
  const { created, started, finished, updated } = last;
  expect([created, started, finished, updated].map(Date.parse)).toEqual(
    [created, started, finished, updated].map(Date.parse).sort((a, b) => a - b),
  );
});

requirement('/req/core/job-exception-no-such-job', async () => {
  for (const id of [NEVER, 'x', '1', "'; drop table process_runs; --"])
    await expectException(
      await fetch(`${server.url}/jobs/${encodeURIComponent(id)}`),
      404,
      `${EXCEPTION}/no-such-job`,
    );
});

requirement('/req/core/job-results', async () => {
  const job = await submit(server.url, 'echo', { inputs });
  await untilFinished(job);
  const [first, second] = [await fetch(`${job}/results`), await fetch(`${job}/results`)];
  expect([first.status, second.status]).toEqual([200, 200]);
  expect(await second.text()).toBe(await first.text());
});

requirement('/req/core/job-results-success-sync', async () => {
  const reply = await post(server.url, 'echo', { inputs });
  const monitor = headerLinks(reply).find(({ rel }) => rel === 'monitor');
  expect(await getJson(monitor!.href)).toMatchObject({ processID: 'echo', status: 'successful' });
  const minimal = await post(server.url, 'echo', { inputs }, { prefer: 'return=minimal' });
  expect([minimal.status, minimal.headers.get('preference-applied')]).toEqual([204, 'return=minimal']);
  const results = headerLinks(minimal).find(({ rel }) => rel === `${REL}/results`);
  expect((await partsOf(await fetch(results!.href)))[0]!.body).toBe('teststring');
});

requirement('/req/core/job-results-async-raw-value-one', async () => {
  const [sync, later] = await echo({ outputs: { echo: {} } });
  expect(later.status).toBe(200);
  expect(later.headers.get('content-type')).toBe(sync.headers.get('content-type'));
  expect(await later.text()).toBe(await sync.text());
});

requirement('/req/core/job-results-async-raw-value-multi', async () => {
  const [sync, later] = await echo({});
  expect(await partsOf(later)).toEqual(await partsOf(sync));
});

requirement('/req/core/job-results-async-raw-ref', async () => {
  const [, later] = await echo({ outputs: { echo: reference } });
  expect([later.status, await later.text()]).toEqual([204, '']);
  const [link] = headerLinks(later);
  expect(link!.rel).toBe('echo');
  expect(await (await fetch(link!.href)).json()).toBe('teststring');
});

requirement('/req/core/job-results-async-raw-mixed-multi', async () => {
  const [, later] = await echo({ outputs: { echo: reference, length: {} } });
  const [first, second] = await partsOf(later);
  expect(await (await fetch(first!.headers['content-location']!)).json()).toBe('teststring');
  expect(second!.body).toBe('10');
});

requirement('/req/core/job-results-async-document', async () => {
  const [sync, later] = await echo({ response: 'document' });
  const document = await later.json();
  expectValid('results', document);
  expect(document).toEqual(await sync.json());
});

requirement('/req/core/job-results-exception/no-such-job', async () => {
  await expectException(await fetch(`${server.url}/jobs/${NEVER}/results`), 404, `${EXCEPTION}/no-such-job`);
});

requirement('/req/core/job-results-exception/results-not-ready', async () => {
  const job = await submit(server.url, 'echo', { inputs: { ...inputs, pause: 2 } });
  await expectException(await fetch(`${job}/results`), 404, `${EXCEPTION}/result-not-ready`);
  await untilFinished(job);
  expect((await fetch(`${job}/results`)).status).toBe(200);
});

requirement('/req/core/job-results-failed', async () => {
  const job = await submit(server.url, 'echo', { inputs: { ...inputs, pause: 60 } });
  expect((await untilFinished(job)).status).toBe('failed');
  const { links, message } = await getJson(job);
  expect(message).toBe('Job exceeded timeout limit');
  expect(follow(links, `${REL}/exceptions`)).toBe(`${job}/results`);
  const reply = await fetch(`${job}/results`);
  expect(reply.status).toBe(504);
  const problem = (await reply.json()) as Record<string, unknown>;
  expectValid('exception', problem);
  expect(problem).toMatchObject({ title: 'Process execution failed', detail: message });
});
