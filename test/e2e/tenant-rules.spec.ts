/** What operators set for one tenant: what it does, on every server, and who may see what of it. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.js';
import { serve } from '../../src/serve.js';
import { startServer, type TestServer } from '../support/app.js';

let first: TestServer;
let second: { url: string; close(): Promise<void> };
beforeAll(async () => {
  // A run that pauses holds a thread, and a request needs one to be looked at.
  first = await startServer({
    Scheduling__SweepEvery: '500ms',
    Limits__HighestPriority: '10',
    Workers__Small: '3',
  });
  const config = loadConfig('config', {
    DATABASE_URL: first.database.url,
    PORT: '0',
    HONUA_LOG_LEVEL: 'fatal',
    HONUA_ROLE: 'api',
    Limits__HighestPriority: '10',
  });
  const { app, url } = await serve(config);
  second = { url: url.replace('localhost', '127.0.0.1'), close: () => app.close() };
});
afterAll(async () => {
  await second.close();
  await first.close();
});

type Json = Record<string, any>;
const admin = async (
  path: string,
  method = 'GET',
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; etag: string | null; body: Json; text: string }> => {
  const reply = await fetch(`${first.url}/admin/${path}`, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  const json = reply.headers.get('content-type')?.includes('json');
  return { status: reply.status, etag: reply.headers.get('etag'), body: json ? JSON.parse(text) : {}, text };
};
const OVERRIDES = 'tenants/default/policy-overrides';
const LIMITS = 'tenants/default/limits';
const execute = (
  url: string,
  body: object = { inputs: { echo: 'hello' } },
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${url}/processes/echo/execution`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const remove = async (path: string): Promise<void> => {
  const { etag } = await admin(path);
  if (etag) expect((await admin(path, 'DELETE', undefined, { 'if-match': etag })).status).toBe(204);
};
const idOf = (reply: Response): string => reply.headers.get('location')!.split('/').at(-1)!;
const jobAt = async (id: string): Promise<Json> =>
  (await fetch(`${first.url}/jobs/${id}`)).json() as Promise<Json>;

it('a policy is written once per version, with its history, and works on the other server within two seconds', async () => {
  expect((await execute(second.url)).status).toBe(200);
  const made = await admin(`${OVERRIDES}/echo`, 'PUT', { asyncOnly: true });
  expect(made).toMatchObject({
    status: 200,
    etag: '"1"',
    body: { process: 'echo', policy: { asyncOnly: true } },
  });
  const began = performance.now();
  while ((await execute(second.url)).status !== 201) {
    expect(performance.now() - began).toBeLessThan(2_000);
    await pause(10);
  }
  expect((await execute(first.url)).status).toBe(201);

  expect((await admin(`${OVERRIDES}/echo`, 'PUT', {})).status).toBe(428);
  expect((await admin(`${OVERRIDES}/echo`, 'PUT', {}, { 'if-match': '"7"' })).status).toBe(412);
  expect((await admin(`${OVERRIDES}/echo`, 'PUT', { asyncOnly: 1 }, { 'if-match': '"1"' })).status).toBe(400);
  expect((await admin(`${OVERRIDES}/nowhere`, 'PUT', {})).status).toBe(404);
  const denied = await admin(`${OVERRIDES}/echo`, 'PUT', { allowed: false }, { 'if-match': '"1"' });
  expect(denied.etag).toBe('"2"');
  const reply = await execute(first.url);
  expect(reply.status).toBe(403);
  expect(await reply.json()).toMatchObject({ code: 'policy-denied' });
  await remove(`${OVERRIDES}/echo`);
  expect((await admin(`${OVERRIDES}/echo`)).status).toBe(404);
  const { history } = (await admin(`${OVERRIDES}/echo/history`)).body;
  expect(history.map(({ version, before, after }: Json) => [version, before, after])).toEqual([
    [3, { allowed: false }, null],
    [2, { asyncOnly: true }, { allowed: false }],
    [1, null, { asyncOnly: true }],
  ]);
  // A version never comes again: an old ETag does not fit a new policy.
  expect((await admin(`${OVERRIDES}/echo`, 'PUT', {})).etag).toBe('"4"');
  await remove(`${OVERRIDES}/echo`);
});

it('a forced tier that cannot run it refuses: no other tier takes over', async () => {
  await admin(`${OVERRIDES}/*`, 'PUT', { forcedTier: 'cloud-batch' });
  const reply = await execute(first.url);
  expect(reply.status).toBe(503);
  expect(await reply.json()).toMatchObject({
    code: 'forced-tier-unavailable',
    detail: expect.stringContaining('in-process: The policy forces tier cloud-batch.'),
  });
  const dry = await execute(first.url, undefined, { prefer: 'dry-run' });
  expect(await dry.json()).toMatchObject({ admitted: false, code: 'forced-tier-unavailable' });
  await remove(`${OVERRIDES}/*`);
});

it('too many requests are refused before the body is read, and each answer tells what is left', async () => {
  const good = await execute(first.url);
  expect(good.headers.get('ratelimit-policy')).toBe('"requests";q=1000;w=2');
  expect(good.headers.get('ratelimit')).toMatch(/^"requests";r=\d+;t=\d+$/);
  const set = await admin(LIMITS, 'PUT', { requestsPerSecond: 0.1, requestBurst: 2 });
  expect(set.body).toMatchObject({ limits: { requestBurst: 2 }, effective: { maxConcurrentJobs: 10 } });
  const statuses: number[] = [];
  let refused: Response | undefined;
  for (let n = 0; n < 4; n++) {
    const reply = await execute(first.url, { none: 'this is no execute request' });
    statuses.push(reply.status);
    if (reply.status === 429) refused = reply;
  }
  expect(statuses.filter((status) => status === 400).length).toBeLessThanOrEqual(2);
  expect(refused!.headers.get('ratelimit')).toMatch(/^"requests";r=0;t=\d+$/);
  expect(Number(refused!.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused!.json()).toMatchObject({
    code: 'too-many-requests',
    detail: expect.stringContaining('2 at once'),
  });
  const esri = await fetch(`${first.url}/arcgis/rest/services/GP/GPServer/echo/submitJob?f=json&echo=x`);
  expect(esri.status).toBe(200);
  expect(await esri.json()).toMatchObject({ error: { code: 429 } });
  expect(esri.headers.get('retry-after')).toBeTruthy();
  await remove(LIMITS);
});

it('a spent budget is a 402 that says of what, until when', async () => {
  await admin(LIMITS, 'PUT', { maxCostUnitsPerDay: 1.5 });
  const held = await execute(first.url, { inputs: { echo: 'x', pause: 1 } }, { prefer: 'respond-async' });
  expect(held.status).toBe(201);
  const point = { type: 'Point', coordinates: [7, 51] };
  const buffer = (): Promise<Response> =>
    fetch(`${first.url}/processes/buffer/execution`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ inputs: { features: point, distance: 1 } }),
    });
  const reply = await buffer();
  expect(reply.status).toBe(402);
  expect(reply.headers.get('ratelimit-policy')).toBe('"cost-units-day";q=1');
  expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await reply.json()).toMatchObject({
    code: 'budget-spent',
    detail: expect.stringContaining('reserved'),
  });
  const esri = await fetch(
    `${first.url}/arcgis/rest/services/GP/GPServer/buffer/submitJob?f=json&Distance=1`,
  );
  expect(await esri.json()).toMatchObject({ error: { code: 402 } });
  // What the run used is far less than its estimate: that is free again once it has ended.
  await expect
    .poll(() => jobAt(idOf(held)).then(({ status }) => status), { timeout: 10_000 })
    .toBe('successful');
  expect((await buffer()).status).toBe(200);
  await remove(LIMITS);
});

it('a run that needs approval waits for it, seen by all, and runs or fails as an operator says', async () => {
  await admin(`${OVERRIDES}/echo`, 'PUT', { requiresApproval: true });
  const [one, two] = [await execute(first.url), await execute(first.url)].map(idOf) as [string, string];
  await pause(700); // longer than it takes to claim
  expect(await jobAt(one)).toMatchObject({
    status: 'accepted',
    message: 'Process execution awaits approval',
  });
  expect((await admin(`runs/${one}`)).body).toMatchObject({ state: 'queued', approval: 'pending' });
  expect((await admin(`runs/${one}/approve`, 'POST', {})).body).toMatchObject({ approval: 'approved' });
  await expect.poll(() => jobAt(one).then(({ status }) => status), { timeout: 10_000 }).toBe('successful');
  expect((await admin(`runs/${one}/approve`, 'POST', {})).status).toBe(409);
  expect((await admin(`runs/${two}/reject`, 'POST', {})).status).toBe(400);
  const rejected = await admin(`runs/${two}/reject`, 'POST', { reason: 'Not this month' });
  expect(rejected.body).toMatchObject({ state: 'failed', approval: 'rejected' });
  expect(await jobAt(two)).toMatchObject({
    status: 'failed',
    message: 'It was not approved: Not this month',
  });
  expect((await fetch(`${first.url}/jobs/${two}/results`)).status).toBe(403);
  const esri = await fetch(`${first.url}/arcgis/rest/services/GP/GPServer/echo/execute?f=json&echo=x`);
  expect(await esri.json()).toMatchObject({ error: { code: 403 } });
  await remove(`${OVERRIDES}/echo`);
});

it('a run is scheduled as its request asks, within what the tenant may', async () => {
  await admin(LIMITS, 'PUT', { maxConcurrentCpuBurst: 1, highestPriority: 5 });
  const inputs = { echo: 'x' };
  const start = async (execution: object, more: object = {}): Promise<string> => {
    const reply = await execute(first.url, {
      inputs: { ...inputs, ...more },
      execution: { mode: 'async', ...execution },
    });
    expect(reply.status).toBe(201);
    return idOf(reply);
  };
  const blocker = await start({}, { pause: 100 });
  await expect.poll(() => jobAt(blocker).then(({ status }) => status)).toBe('running');
  const impatient = await start({ maxQueueWait: '100ms' });
  const late = await start({});
  const urgent = await start({ priority: 5 });
  const short = await start({ deadline: new Date(Date.now() + 3_000).toISOString() });
  await expect
    .poll(() => jobAt(impatient), { timeout: 5_000 })
    .toMatchObject({
      status: 'failed',
      message: 'It waited in the queue longer than it was to, and was not started.',
    });
  await expect
    .poll(() => jobAt(short), { timeout: 10_000 })
    .toMatchObject({ message: 'Job exceeded timeout limit' });
  await fetch(`${first.url}/jobs/${blocker}`, { method: 'DELETE' });
  await expect.poll(() => jobAt(late).then(({ status }) => status), { timeout: 10_000 }).toBe('successful');
  expect(Date.parse((await jobAt(urgent)).started)).toBeLessThan(Date.parse((await jobAt(late)).started));
  const over = await execute(first.url, { inputs, execution: { priority: 6 } });
  expect([over.status, ((await over.json()) as Json).code]).toEqual([403, 'priority-limit']);
  for (const execution of [{ priority: 1.5 }, { deadline: 'soon' }, { maxQueueWait: 'x' }, { colour: 1 }])
    expect((await execute(first.url, { inputs, execution })).status).toBe(400);
  expect((await execute(first.url, { inputs, execution: { deadline: '2020-01-01T00:00:00Z' } })).status).toBe(
    400,
  );
  await remove(LIMITS);
});

it('usage is told by day, tenant, process and tier, as JSON and CSV', async () => {
  const today = new Date().toISOString().slice(0, 10);
  const { body } = await admin('usage?process=echo');
  const row = body.usage.find(({ tier }: Json) => tier === 'in-process');
  expect(row).toMatchObject({ day: today, tenant: 'default', process: 'echo' });
  expect(row.succeeded).toBeGreaterThan(3);
  expect(row.costUnits).toBeGreaterThan(0);
  expect(row.wallMs).toBeGreaterThan(0);
  const csv = await admin('usage', 'GET', undefined, { accept: 'text/csv' });
  expect(csv.text).toBe((await admin('usage?f=csv')).text);
  expect(csv.text.split('\r\n')[0]).toBe(
    'day,tenant,process,tier,runs,succeeded,failed,cancelled,costUnits,cpuMs,wallMs,bytes',
  );
  expect(csv.text).toContain(`${today},default,echo,in-process,`);
  expect((await admin('usage?from=yesterday')).status).toBe(400);
});

it('operators read limits, policies and use as pages, too', async () => {
  const page = async (path: string): Promise<string> => {
    const { status, text } = await admin(path, 'GET', undefined, { accept: 'text/html' });
    expect(status).toBe(200);
    return text;
  };
  await admin(`${OVERRIDES}/buffer`, 'PUT', { asyncOnly: true });
  expect((await admin(LIMITS)).etag).toBeNull();
  const set = await admin(LIMITS, 'PUT', { maxConcurrentJobs: 7 });
  expect(set).toMatchObject({ status: 200, body: { tenant: 'default' } });
  expect(await page('tenants')).toContain('/admin/tenants/default?f=html');
  const links = [...(await page('tenants/default')).matchAll(/href="([^"]*\/admin\/[^"]+f=html)"/g)];
  expect(links.length).toBeGreaterThanOrEqual(4);
  for (const [, href] of links)
    expect((await fetch(new URL(href!.replaceAll('&amp;', '&'), first.url))).status).toBe(200);
  expect(await page(LIMITS)).toMatch(/maxConcurrentJobs<\/th><td>7<\/td>/);
  expect(await page(OVERRIDES)).toContain('{&quot;asyncOnly&quot;:true}');
  const usage = await page('usage?tenant=default&process=&tier=');
  expect(usage).toMatch(/default<\/th><td>\d+<\/td>/);
  const both = await admin('usage', 'GET', undefined, { accept: 'text/csv, text/html' });
  expect(both.text).toMatch(/^day,tenant/);
  await remove(LIMITS);
  await remove(`${OVERRIDES}/buffer`);
});
