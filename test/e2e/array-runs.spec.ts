/** One process over many inputs, over both APIs: admitted and recorded as one, each run with a status and results of its own. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';
import { type Receiver, startReceiver } from '../support/receiver.js';
import { ask, askWell, gp, submitJob, untilOver } from '../support/esri-client.js';
import { jobUrl, post, type Status, statusOf, untilFinished } from '../support/ogc-client.js';

interface ArrayStatus extends Status {
  array: Record<'size' | 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled', number>;
}

interface Child extends Status {
  index: number;
  label?: string;
  parentID: string;
}

let server: TestServer;
let host: Receiver;
beforeAll(async () => {
  host = await startReceiver();
  server = await startServer({ Workers__Small: '4', Outbound__Allow: host.host });
});
afterAll(async () => {
  await server.close();
  await host.close();
});

async function submitArray(
  body: Record<string, unknown>,
  { process = 'echo', headers = {} }: { process?: string; headers?: Record<string, string> } = {},
): Promise<string> {
  const reply = await post(server.url, process, body, headers);
  expect(reply.status, await reply.clone().text()).toBe(201);
  return jobUrl(server.url, reply);
}

const json = async <T>(url: string): Promise<T> => {
  const reply = await fetch(url);
  expect(reply.status, await reply.clone().text()).toBe(200);
  return (await reply.json()) as T;
};
const childrenOf = async (job: string, query = ''): Promise<Child[]> =>
  (await json<{ children: Child[] }>(`${job}/children${query}`)).children;
const ended = async (job: string): Promise<ArrayStatus> => (await untilFinished(job)) as ArrayStatus;
const entries = (...texts: string[]): object[] => texts.map((echo) => ({ inputs: { echo } }));
const problemOf = async (body: unknown, process = 'echo'): Promise<Record<string, unknown>> => {
  const reply = await post(server.url, process, body);
  return { httpStatus: reply.status, ...((await reply.json()) as object) };
};

describe('an array of runs', () => {
  it('gives each entry what all have in common and its own, and tells where each result is', async () => {
    const job = await submitArray({
      inputs: { echo: 'common' },
      array: [
        { label: 'first', inputs: {} },
        { inputs: { echo: 'second' } },
        { label: 'third', inputs: { echo: 'third' } },
      ],
      response: 'document',
    });
    const status = await ended(job);
    expect(status).toMatchObject({
      status: 'successful',
      progress: 100,
      message: 'Process execution finished',
    });
    expect(status.array).toEqual({ size: 3, queued: 0, running: 0, succeeded: 3, failed: 0, cancelled: 0 });
    const results = await json<{ children: { href: string; label?: string; index: number }[] }>(
      `${job}/results`,
    );
    expect(results).toMatchObject({ succeeded: 3, failed: 0, cancelled: 0 });
    expect(results.children.map(({ index, label }) => [index, label])).toEqual([
      [0, 'first'],
      [1, undefined],
      [2, 'third'],
    ]);
    const values = await Promise.all(results.children.map(({ href }) => json(href)));
    expect(values).toMatchObject([{ echo: 'common' }, { echo: 'second' }, { echo: 'third' }]);
  });

  it('has children that are jobs like any other, and are listed with it alone', async () => {
    const job = await submitArray({ array: entries('a', 'b', 'c', 'd') });
    await ended(job);
    const id = job.split('/').at(-1)!;
    const children = await childrenOf(job);
    expect(children.map(({ index, parentID, status }) => [index, parentID, status])).toEqual(
      [0, 1, 2, 3].map((index) => [index, id, 'successful']),
    );
    expect(await statusOf(`${server.url}/jobs/${children[2]!.jobID}`)).toMatchObject({
      index: 2,
      parentID: id,
    });
    const { jobs } = await json<{ jobs: Status[] }>(`${server.url}/jobs?limit=1000`);
    expect(jobs.some(({ jobID }) => jobID === id)).toBe(true);
    expect(jobs.some(({ jobID }) => children.some((child) => child.jobID === jobID))).toBe(false);
    const page = await json<{
      children: Child[];
      numberMatched: number;
      links: { rel: string; href: string }[];
    }>(`${job}/children?limit=3`);
    expect(page).toMatchObject({ numberMatched: 4 });
    expect(page.children.map(({ index }) => index)).toEqual([0, 1, 2]);
    const next = page.links.find(({ rel }) => rel === 'next')!;
    expect((await json<{ children: Child[] }>(next.href)).children.map(({ index }) => index)).toEqual([3]);
    expect(await childrenOf(job, '?status=failed')).toEqual([]);
    expect((await fetch(`${server.url}/jobs/${children[0]!.jobID}/children`)).status).toBe(404);
    const html = await (await fetch(`${job}/children?f=html`)).text();
    expect(html).toContain(children[3]!.jobID);
    expect(await (await fetch(`${job}?f=html`)).text()).toContain('4 runs');
  });

  it('is the same array for the same key, and is tried dry at the cost of all', async () => {
    const body = { inputs: { pause: 2 }, array: entries('a', 'b', 'c') };
    const single = (await (
      await post(server.url, 'echo', { inputs: { echo: 'a', pause: 2 } }, { prefer: 'dry-run' })
    ).json()) as { estimatedCostUnits: number };
    const dry = (await (await post(server.url, 'echo', body, { prefer: 'dry-run' })).json()) as object;
    expect(dry).toMatchObject({
      admitted: true,
      mode: 'async',
      array: { size: 3 },
      estimatedCostUnits: single.estimatedCostUnits * 3,
    });
    const headers = { 'idempotency-key': randomUUID() };
    const job = await submitArray(body, { headers });
    expect(await submitArray(body, { headers })).toBe(job);
    const other = await post(server.url, 'echo', { ...body, array: entries('a', 'b') }, headers);
    expect(other.status).toBe(422);
    expect((await ended(job)).array.succeeded).toBe(3);
  });

  it('that is cancelled cancels what has not ended, and keeps no more than it had', async () => {
    const job = await submitArray({
      inputs: { pause: 30 },
      array: entries(...Array.from({ length: 12 }, String)),
    });
    await expect.poll(async () => ((await statusOf(job)) as ArrayStatus).array.running).toBeGreaterThan(0);
    const reply = await fetch(job, { method: 'DELETE' });
    expect(reply.status).toBe(200);
    await expect
      .poll(async () => ((await statusOf(job)) as ArrayStatus).array, { timeout: 10_000 })
      .toMatchObject({ cancelled: 12, running: 0, queued: 0 });
    expect((await fetch(`${job}/results`)).status).toBe(410);
  });

  it('fetches once what all of its runs name, and tells its subscriber once', async () => {
    host.content = () => ({ type: 'application/geo+json', body: '{"type":"Point","coordinates":[7,51]}' });
    const successUri = `${host.url}/told`;
    const job = await submitArray(
      {
        inputs: { features: { href: `${host.url}/point.geojson` } },
        array: [1, 2, 3].map((distance) => ({ label: `${distance} m`, inputs: { distance } })),
        subscriber: { successUri },
      },
      { process: 'buffer' },
    );
    expect((await ended(job)).array.succeeded).toBe(3);
    expect(host.received.filter(({ path }) => path === '/point.geojson')).toHaveLength(1);
    const { body } = await host.until(({ path }) => path === '/told');
    const { children, succeeded } = JSON.parse(body) as {
      children: { label: string; href: string }[];
      succeeded: number;
    };
    expect([succeeded, children.map(({ label }) => label)]).toEqual([3, ['1 m', '2 m', '3 m']]);
    for (const { href } of children)
      expect((await json<{ features: object[] }>(href)).features).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(host.received.filter(({ path }) => path === '/told')).toHaveLength(1);
    const { usage } = await json<{ usage: { runs: number }[] }>(`${server.url}/admin/usage?process=buffer`);
    expect(usage.reduce((sum, { runs }) => sum + runs, 0)).toBe(3);
  });

  it('can be dismissed at its end, with all its children', async () => {
    const job = await submitArray({ array: entries('a', 'b') });
    await ended(job);
    const [child] = await childrenOf(job);
    expect((await fetch(job, { method: 'DELETE' })).status).toBe(200);
    expect((await fetch(job)).status).toBe(410);
    expect((await fetch(`${server.url}/jobs/${child!.jobID}`)).status).toBe(410);
  });
});

/** A pole has no place in this projection; that is found when it is computed. */
const at = (lat: number): object => ({ inputs: { features: { type: 'Point', coordinates: [0, lat] } } });
const [bad, good] = [at(90), at(1)];

describe('runs of an array that fail', () => {
  const inputs = { targetCrs: 'EPSG:3857' };
  const failing = { process: 'reproject' };

  it('fail it, when none may, but only after all were tried', async () => {
    const job = await submitArray({ inputs, array: [good, bad, good] }, failing);
    const status = await ended(job);
    expect(status).toMatchObject({ status: 'failed', message: '2 of 3 runs succeeded, 1 failed.' });
    const problem = await fetch(`${job}/results`);
    expect(problem.status).toBe(500);
    expect(await problem.json()).toMatchObject({ code: 'run-failed-children-failed' });
    const [failed] = await childrenOf(job, '?status=failed');
    expect(failed).toMatchObject({ index: 1 });
    expect(await childrenOf(job, '?status=successful')).toHaveLength(2);
  });

  it('are borne as far as the request says', async () => {
    const job = await submitArray({ inputs, array: [good, bad, good], maxFailures: 1 }, failing);
    expect(await ended(job)).toMatchObject({ status: 'successful', array: { succeeded: 2, failed: 1 } });
    expect(await json(`${job}/results`)).toMatchObject({ succeeded: 2, failed: 1 });
  });

  it('end the rest once there are too many', async () => {
    const many = Array.from({ length: 1_500 }, (_, index) => (index < 2 ? bad : good));
    const job = await submitArray({ inputs, array: many, maxFailures: 0 }, failing);
    const status = await ended(job);
    expect(status.status).toBe('failed');
    expect(status.array.failed).toBeGreaterThan(0);
    expect(status.array.cancelled).toBeGreaterThan(0);
    const [cancelled] = await childrenOf(job, '?status=dismissed&limit=1');
    expect(cancelled!.status).toBe('dismissed');
  });
});

describe('a request for an array that is not valid', () => {
  it.each([
    ['/array', { array: 'a' }],
    ['/array', { array: [] }],
    ['/array', { array: entries('a') }],
    ['/array', { array: Array.from({ length: 10_001 }, () => ({})) }],
    ['/array/1', { array: [{ inputs: { echo: 'a' } }, 7] }],
    ['/array/1/label', { array: [{ inputs: { echo: 'a' } }, { label: 5, inputs: { echo: 'b' } }] }],
    ['/array/0/more', { array: [{ more: 1, inputs: { echo: 'a' } }, { inputs: { echo: 'b' } }] }],
    ['/array/1/inputs', { array: [{ inputs: { echo: 'a' } }, { inputs: [] }] }],
    ['/array/1/inputs/ecco', { array: [{ inputs: { echo: 'a' } }, { inputs: { ecco: 'b' } }] }],
    ['/array/0/response', { array: entries('a', 'b'), response: 'all' }],
    ['/maxFailures', { array: entries('a', 'b'), maxFailures: -1 }],
    ['/inputs', { array: entries('a', 'b'), inputs: 'a' }],
    ['/subscriber/successUri', { array: entries('a', 'b'), subscriber: { successUri: 5 } }],
  ])('says what is wrong at %s, and runs nothing', async (path, body) => {
    const before = (await json<{ jobs: Status[] }>(`${server.url}/jobs?limit=1`)).jobs[0]?.jobID;
    const problem = await problemOf(body);
    expect(problem).toMatchObject({
      httpStatus: 400,
      faults: expect.arrayContaining([expect.objectContaining({ path })]),
    });
    expect((await json<{ jobs: Status[] }>(`${server.url}/jobs?limit=1`)).jobs[0]?.jobID).toBe(before);
  });
});

describe('an array of GP jobs', () => {
  const task = 'buffer';
  const point = (x: number): object => ({
    Input_Features: { features: [{ geometry: { x, y: 0, spatialReference: { wkid: 3857 } } }] },
  });

  it('is one job that tells how its jobs stand, each of which is asked for like any other', async () => {
    const array = [1, 2, 3].map((x) => ({ label: `p${x}`, inputs: point(x) }));
    const job = await submitJob(server.url, task, { Distance: { distance: 10, units: 'esriMeters' }, array });
    const info = await untilOver(job);
    expect(info).toMatchObject({
      jobStatus: 'esriJobSucceeded',
      results: {},
      array: {
        size: 3,
        queued: 0,
        running: 0,
        succeeded: 3,
        failed: 0,
        cancelled: 0,
        childrenUrl: 'children',
      },
    });
    const { jobs, total, exceededTransferLimit } = await askWell(`${job}/children`);
    expect([total, exceededTransferLimit]).toEqual([3, false]);
    expect(jobs.map(({ index, label, jobStatus }: any) => [index, label, jobStatus])).toEqual(
      [1, 2, 3].map((x) => [x - 1, `p${x}`, 'esriJobSucceeded']),
    );
    const second = gp(server.url, `${task}/jobs/${jobs[1].jobId}/results/Output_Features`);
    const { value } = await askWell(second);
    expect(value.features[0].geometry.rings[0][0][0]).toBeCloseTo(12, 6);
    const page = await askWell(`${job}/children`, { resultOffset: 1, resultRecordCount: 1 });
    expect(page).toMatchObject({ jobs: [{ index: 1 }], total: 3, exceededTransferLimit: true });
    expect(await (await fetch(`${job}?f=html`)).text()).toContain('Jobs of the array');
    expect((await ask(gp(server.url, `${task}/jobs/${jobs[0].jobId}/children`))).error.code).toBe(404);
  });

  it('is cancelled as a whole', async () => {
    const array = Array.from({ length: 8 }, (_, index) => ({ inputs: { Echo: `${index}` } }));
    const job = await submitJob(server.url, 'echo', { Pause: 30, array });
    await askWell(`${job}/cancel`);
    expect(await untilOver(job)).toMatchObject({ jobStatus: 'esriJobCancelled', array: { cancelled: 8 } });
  });

  it('is not run while its caller waits, and says what is wrong in its own words', async () => {
    const array = [{ inputs: point(1) }, { inputs: point(2) }];
    const bad = await ask(gp(server.url, `${task}/submitJob`), { array: [{ inputs: point(1) }] });
    expect(bad.error).toMatchObject({ code: 400, details: [expect.stringContaining('array')] });
    const waited = await ask(gp(server.url, `${task}/execute`), { Distance: 10, array });
    expect(waited.error.details[0]).toMatch(/submitJob/);
  });
});
