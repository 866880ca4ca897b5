import { afterAll, beforeAll, expect } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';
import { submit, untilFinished } from '../support/ogc-client.js';
import { EXCEPTION, expectException, getJson } from './client.js';
import { requirement } from './requirement.js';
import { expectValid } from './standard-schemas.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const echo = (pause: number): Promise<string> => submit(server.url, 'echo', { inputs: { echo: 'x', pause } });
const dismiss = (job: string): Promise<Response> => fetch(job, { method: 'DELETE' });

requirement('/req/dismiss/job-dismiss-op', async () => {
  expect((await dismiss(await echo(0))).status).toBe(200);
  await expectException(
    await dismiss(`${server.url}/jobs/01900000-0000-7000-8000-000000000000`),
    404,
    `${EXCEPTION}/no-such-job`,
  );
});

requirement('/req/dismiss/job-dismiss-success', async () => {
  const running = await echo(20);
  while ((await getJson(running)).status !== 'running')
    await new Promise((resolve) => setTimeout(resolve, 10));
  for (let times = 0; times < 2; times++) {
    const reply = await dismiss(running);
    expect(reply.status).toBe(200);
    const info = await reply.json();
    expectValid('statusInfo', info);
    expect(info).toMatchObject({ status: 'dismissed' });
  }
  expect((await getJson(running)).status).toBe('dismissed');
  expect([404, 410]).toContain((await fetch(`${running}/results`)).status);

  const finished = await echo(0);
  await untilFinished(finished);
  const reply = await dismiss(finished);
  expect(await reply.json()).toMatchObject({ status: 'dismissed' });
  for (const url of [finished, `${finished}/results`, `${finished}/events`])
    expect((await fetch(url)).status).toBe(410);
  expect((await dismiss(finished)).status).toBe(410);
});
