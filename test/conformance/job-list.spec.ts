import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';
import { post, submit, untilFinished } from '../support/ogc-client.js';
import { EXCEPTION, expectException, follow, getJson, type Link } from './client.js';
import { requirement } from './requirement.js';
import { expectValid } from './standard-schemas.js';

interface Job {
  jobID: string;
  processID: string;
  status: string;
  created: string;
}

const idOf = (job: string): string => job.slice(job.lastIndexOf('/') + 1);

let server: TestServer;
/** One job in each status, oldest first, and when the middle was. */
let ids: { successful: string; slow: string; failed: string; dismissed: string; running: string };
let middle: string;

beforeAll(async () => {
  server = await startServer({ ResourceClasses__CpuBurst__MaxExecutionTime: '4s' });
  const echo = (pauseSeconds: number): Promise<string> =>
    submit(server.url, 'echo', { inputs: { echo: 'x', pause: pauseSeconds } });
  const successful = await echo(0);
  const slow = await echo(2);
  const failed = await echo(60);
  await untilFinished(failed);
  await pause(5);
  middle = new Date().toISOString();
  await pause(5);
  const dismissed = await echo(3);
  await fetch(dismissed, { method: 'DELETE' });
  await post(server.url, 'buffer', { inputs: { features: 'POINT (1 2)', distance: 1 } });
  const running = await echo(3.5);
  while ((await getJson(running)).status !== 'running') await pause(10);
  ids = {
    successful: idOf(successful),
    slow: idOf(slow),
    failed: idOf(failed),
    dismissed: idOf(dismissed),
    running: idOf(running),
  };
});
afterAll(() => server.close());

const list = async (query = ''): Promise<Job[]> =>
  (await getJson<{ jobs: Job[] }>(`${server.url}/jobs?limit=100&${query}`)).jobs;
const listed = async (query: string): Promise<string[]> => (await list(query)).map(({ jobID }) => jobID);

async function expectRefused(...queries: string[]): Promise<void> {
  for (const query of queries)
    await expectException(
      await fetch(`${server.url}/jobs?${query}`),
      400,
      `${EXCEPTION}/invalid-query-parameter-value`,
    );
}

requirement('/req/job-list/status-response', async () => {
  expect(await listed('status=running')).toEqual([ids.running]);
  expect(await listed('status=failed')).toEqual([ids.failed]);
  expect(await listed('status=dismissed')).toEqual([ids.dismissed]);
  expect(await listed('status=failed,dismissed')).toEqual([ids.dismissed, ids.failed]);
  expect(await listed('status=failed&status=dismissed')).toEqual([ids.dismissed, ids.failed]);
  expect(await listed('status=accepted')).toEqual([]);
});

requirement('/req/job-list/status-response (duration)', async () => {
  const long = await listed('minDuration=2');
  expect(long).toContain(ids.slow);
  expect(long).toContain(ids.failed);
  expect(long).not.toContain(ids.successful);
  const short = await listed('maxDuration=1');
  expect(short).toContain(ids.successful);
  expect(short).not.toContain(ids.slow);
  expect(await listed('minDuration=2&maxDuration=3')).toContain(ids.slow);
  expect(await listed('minDuration=2&maxDuration=3')).not.toContain(ids.failed);
  expect(await listed('minDuration=2&status=successful')).toEqual([ids.slow]);
});

requirement('/req/job-list/job-list-op', async () => {
  expect((await fetch(`${server.url}/jobs`)).status).toBe(200);
});

requirement('/req/job-list/job-list-success', async () => {
  const page = await getJson(`${server.url}/jobs`);
  expectValid('jobList', page);
  expect(page.jobs).toHaveLength(6);
  const created = page.jobs.map((job: Job) => job.created) as string[];
  expect(created).toEqual([...created].sort().reverse());
});

requirement('/req/job-list/links', async () => {
  const url = `${server.url}/jobs?limit=2&status=successful`;
  const first = await getJson<{ jobs: Job[]; links: Link[] }>(url);
  expect(follow(first.links, 'self')).toBe(url);
  expect(first.jobs).toHaveLength(2);
  const second = await getJson<{ jobs: Job[]; links: Link[] }>(follow(first.links, 'next'));
  expect(second.jobs.every(({ status }) => status === 'successful')).toBe(true);
  expect(second.jobs.some(({ jobID }) => first.jobs.some((job) => job.jobID === jobID))).toBe(false);
  expect(second.links.map(({ rel }) => rel)).not.toContain('next');
});

requirement('/req/job-list/type-definition', async () => {
  expect((await fetch(`${server.url}/jobs?type=process`)).status).toBe(200);
  expect((await fetch(`${server.url}/jobs?type=process,process`)).status).toBe(200);
  await expectRefused('type=workflow', 'type=');
});

requirement('/req/job-list/type-response', async () => {
  expect(await listed('type=process')).toEqual(await listed(''));
});

requirement('/req/job-list/processID-definition', async () => {
  expect((await fetch(`${server.url}/jobs?processID=echo,buffer`)).status).toBe(200);
  await expectRefused('processID=', "processID=a'b");
});

requirement('/req/job-list/processID-mandatory', async () => {
  for (const { processID } of await list()) expect(['echo', 'buffer']).toContain(processID);
});

requirement('/req/job-list/processid-response', async () => {
  expect((await list('processID=buffer')).map(({ processID }) => processID)).toEqual(['buffer']);
  expect(await list('processID=echo')).toHaveLength(5);
  expect(await list('processID=echo,buffer')).toHaveLength(6);
  expect(await list('processID=nothing')).toEqual([]);
});

requirement('/req/job-list/status-definition', async () => {
  for (const status of ['accepted', 'running', 'successful', 'failed', 'dismissed'])
    expect((await fetch(`${server.url}/jobs?status=${status}`)).status).toBe(200);
  await expectRefused('status=done', 'status=', 'status=running,done');
});

requirement('/req/job-list/datetime-definition', async () => {
  for (const value of [
    '2026-01-01T00:00:00Z',
    '../2026-01-01T00:00:00%2B01:00',
    '2026-01-01T00:00:00Z/',
    '/2026-01-01T00:00:00Z',
  ])
    expect((await fetch(`${server.url}/jobs?datetime=${value}`)).status).toBe(200);
  await expectRefused('datetime=yesterday', 'datetime=2026-01-01', 'datetime=../..', 'datetime=');
});

requirement('/req/job-list/datetime-response', async () => {
  const all = await list();
  const before = all.filter(({ created }) => created <= middle).map(({ jobID }) => jobID);
  const after = all.filter(({ created }) => created >= middle).map(({ jobID }) => jobID);
  expect([before.length, after.length]).toEqual([3, 3]);
  expect(await listed(`datetime=../${middle}`)).toEqual(before);
  expect(await listed(`datetime=${middle}/..`)).toEqual(after);
  expect(await listed(`datetime=2020-01-01T00:00:00Z/${middle}`)).toEqual(before);
  expect(await listed(`datetime=${all[0]!.created}`)).toEqual([all[0]!.jobID]);
});

requirement('/req/job-list/duration-definition', async () => {
  expect((await fetch(`${server.url}/jobs?minDuration=0&maxDuration=100`)).status).toBe(200);
  await expectRefused('minDuration=-1', 'minDuration=x', 'maxDuration=1.5', 'maxDuration=');
});

requirement('/req/job-list/limit-definition', async () => {
  expect((await fetch(`${server.url}/jobs?limit=10000`)).status).toBe(200);
  await expectRefused('limit=0', 'limit=-5', 'limit=all', 'limit=1,2');
});

requirement('/req/job-list/limit-response', async () => {
  const seen: string[] = [];
  let url: string | undefined = `${server.url}/jobs?limit=1`;
  while (url) {
    const page: { jobs: Job[]; links: Link[] } = await getJson(url);
    expect(page.jobs.length).toBeLessThanOrEqual(1);
    seen.push(...page.jobs.map(({ jobID }) => jobID));
    url = page.links.find(({ rel }) => rel === 'next')?.href;
  }
  expect(seen).toEqual((await list()).map(({ jobID }) => jobID));
});
