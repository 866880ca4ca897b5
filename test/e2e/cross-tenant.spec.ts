/**
 * One tenant learns nothing of another's: for every route of every surface that the framework knows, what it is told of the
 * other's real ids is what it is told of ids that never were. A new route is among them by itself.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { uuidV7 } from '../../src/shared/uuid-v7.js';
import { startServer, type TestServer } from '../support/app.js';
import { asOperator, bearer, REQUIRED, tenantWithKey } from '../support/identities.js';
import { type Route, routesOf } from '../support/routes.js';

/** A thing of tenant A by its id, and an id of the same shape that never was. */
interface Sample {
  real: string;
  never: string;
}

let folder: string;
let server: TestServer;
let [ofA, ofB] = ['', ''];
let samples: Record<string, Sample>;
let upload: { id: string; href: string };
let jobId: string;

const esriId = (id: string): string => `j${id.replaceAll('-', '')}`;
/** An id as it was sent, and as the run of an Esri job id is called. */
const spellings = (id: string): string[] => [
  id,
  id.replace(/^[ij](.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
];
const json = { 'content-type': 'application/json' };

async function echo(key: string, inputs: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}/processes/echo/execution`, {
    method: 'POST',
    headers: { ...bearer(key), ...json, ...headers },
    body: JSON.stringify({ inputs }),
  });
}

const jobOf = (reply: Response): string => reply.headers.get('location')!.split('/').at(-1)!;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'honua-cross-'));
  writeFileSync(join(folder, 'a.geojson'), '{"type":"FeatureCollection","features":[]}');
  server = await startServer({
    ...REQUIRED,
    Identity__FailedAttempts__Max: '100000',
    Layers__ofA__provider: 'geojson',
    Layers__ofA__path: join(folder, 'a.geojson'),
    Layers__ofA__tenants: 'acme',
  });
  const a = await tenantWithKey(server.url, 'acme');
  const b = await tenantWithKey(server.url, 'beta');
  [ofA, ofB] = [a.key, b.key];
  const run = await echo(ofA, { echo: 'of A' }, { prefer: 'respond-async', 'idempotency-key': 'the-same' });
  jobId = jobOf(run);
  await vi.waitFor(async () => expect((await seenByA()).status).toBe('successful'), { timeout: 20_000 });
  const sent = await fetch(`${server.url}/uploads`, {
    method: 'POST',
    headers: { ...bearer(ofA), 'content-type': 'text/plain' },
    body: 'of A',
  });
  upload = (await sent.json()) as typeof upload;
  const never = uuidV7(new Date());
  const reply = await fetch(`${server.url}/processes/echo/execution`, {
    method: 'POST',
    headers: { ...bearer(ofA), ...json },
    body: JSON.stringify({
      inputs: { echo: 'of A' },
      outputs: { echo: { transmissionMode: 'reference' } },
    }),
  });
  const link = /\/artifacts\/([\w.-]+)/.exec(reply.headers.get('link') ?? '')![1]!;
  const forged = link.slice(0, -2) + (link.endsWith('AA') ? 'BB' : 'AA');
  samples = {
    jobID: { real: jobId, never },
    jobId: { real: esriId(jobId), never: esriId(never) },
    runId: { real: jobId, never },
    runID: { real: jobId, never },
    itemId: { real: esriId(upload.id).replace('j', 'i'), never: esriId(never).replace('j', 'i') },
    uploadID: { real: upload.id, never },
    layerID: { real: 'ofA', never: 'ofN' },
    // Whoever holds a link may read: its id is the secret itself, and what is near it is nothing.
    token: { real: forged, never: `${'x'.repeat(link.indexOf('.'))}${link.slice(link.indexOf('.'))}` },
    tenantId: { real: 'acme', never: 'nobo' },
    keyId: { real: a.id, never },
  };
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Parameters that name what is the same for all tenants: with a value that there is. */
const PUBLIC: Record<string, string> = {
  service: 'GP',
  task: 'echo',
  operation: 'buffer',
  processID: 'echo',
  processId: 'echo',
  outputID: 'echo',
  parameter: 'Echo',
  version: 'x',
  name: 'page.css',
  path: 'x',
  tier: 'in-process',
};

const seenByA = async (): Promise<{ status: string }> =>
  (await (await fetch(`${server.url}/jobs/${jobId}`, { headers: bearer(ofA) })).json()) as { status: string };

const parametersOf = ({ path }: Route): string[] => [...path.matchAll(/[:*](\w+)/g)].map(([, name]) => name!);
const idsOf = (route: Route): string[] => parametersOf(route).filter((name) => !(name in PUBLIC));
const pathOf = (route: Route, which: keyof Sample): string =>
  route.path.replaceAll(/[:*](\w+)/g, (_, name: string) => PUBLIC[name] ?? samples[name]![which]);

interface Variant {
  headers: Record<string, string>;
  body?: string;
}

/** Headers that every answer has of its own. */
const OWN = ['date', 'x-request-id', 'etag', 'keep-alive', 'connection'];

/** An answer to B, without what names the id that B has sent itself. */
async function toldToB(route: Route, method: string, which: keyof Sample, variant: Variant): Promise<object> {
  const query = method !== 'POST' && variant.headers.accept === 'application/json' ? '?f=json' : '';
  const headers = { ...bearer(ofB), ...variant.headers };
  const reply = await fetch(server.url + pathOf(route, which) + query, {
    ...variant,
    method,
    redirect: 'manual',
    headers,
  });
  let text = (await reply.text()).replaceAll(reply.headers.get('x-request-id')!, 'REQUEST');
  const told: Record<string, string> = {};
  for (const [name, value] of reply.headers) if (!OWN.includes(name)) told[name] = value;
  for (const id of idsOf(route).flatMap((name) => spellings(samples[name]![which])))
    text = text.replaceAll(id, 'ID');
  return { status: reply.status, headers: told, text };
}

const ways = (route: Route): [string, Variant][] => {
  const methods = route.method === 'ALL' ? ['GET', 'POST', 'HEAD'] : [route.method];
  return methods.flatMap((method): [string, Variant][] => [
    [method, { headers: { accept: 'application/json' } }],
    [method, { headers: { accept: 'text/html' } }],
    ...(method === 'POST'
      ? ([
          [method, { headers: { ...json, accept: '*/*' }, body: '{}' }],
          [
            method,
            {
              headers: { 'content-type': 'application/x-www-form-urlencoded', accept: '*/*' },
              body: 'f=json',
            },
          ],
        ] as [string, Variant][])
      : []),
  ]);
};

describe('every route of every surface', () => {
  it('has a sample for each parameter that may name what is a tenant’s', () => {
    const routes = routesOf(server.app);
    for (const route of routes)
      for (const name of idsOf(route))
        expect(Object.keys(samples), `${route.path}: make a sample of ${name}, or call it public`).toContain(
          name,
        );
    const declared = routes.filter(({ rule }) => rule!.ids.length > 0);
    expect(declared.length).toBeGreaterThan(20);
    for (const route of declared)
      for (const name of route.rule!.ids) expect(parametersOf(route), route.path).toContain(name);
    // And none that names a tenant's thing leaves it out, but for operators, who see all tenants.
    for (const route of routes.filter(({ rule }) => rule!.scope !== 'admin'))
      expect([...route.rule!.ids].sort(), route.path).toEqual(idsOf(route).sort());
  });

  it('tells of another tenant’s ids what it tells of ids that never were', async () => {
    const routes = routesOf(server.app).filter((route) => idsOf(route).length > 0);
    expect(routes.length).toBeGreaterThan(20);
    const told: string[] = [];
    for (const route of routes)
      for (const [method, variant] of ways(route)) {
        const real = await toldToB(route, method, 'real', variant);
        const never = await toldToB(route, method, 'never', variant);
        expect(real, `${method} ${route.path}`).toEqual(never);
        told.push(`${method} ${route.path}`);
      }
    expect(new Set(told).size).toBeGreaterThan(30);
    // Nothing of what B tried has changed anything of A's.
    expect((await seenByA()).status).toBe('successful');
    expect((await fetch(upload.href, { headers: bearer(ofA) })).status).toBe(200);
    const { keys } = await asOperator(server.url, '/admin/tenants/acme/keys');
    expect(keys.map(({ revokedAt }: { revokedAt?: string }) => revokedAt)).toEqual([undefined]);
  });

  it('answers their owner differently: the comparison above is of something', async () => {
    for (const path of [`/jobs/${jobId}`, `/jobs/${jobId}/results`, `/uploads/${upload.id}`])
      expect((await fetch(server.url + path, { headers: bearer(ofA) })).status, path).toBe(200);
    const job = `${server.url}/arcgis/rest/services/GP/GPServer/echo/jobs/${esriId(jobId)}?f=json`;
    expect(await (await fetch(job, { headers: bearer(ofA) })).json()).toMatchObject({
      jobStatus: 'esriJobSucceeded',
    });
  });
});

it('the page of a process fills its form from one’s own runs alone', async () => {
  const page = async (from: string): Promise<string> => {
    const reply = await fetch(`${server.url}/processes/echo?from=${from}`, {
      headers: { ...bearer(ofB), accept: 'text/html' },
    });
    return (await reply.text()).replaceAll(from, 'ID');
  };
  expect(await page(jobId)).toBe(await page(uuidV7(new Date())));
});

describe('what a body names', () => {
  it('an upload of another tenant is as unknown as one that never was', async () => {
    const ask = async (id: string): Promise<[number, string]> => {
      const reply = await echo(ofB, { echo: { href: upload.href.replace(upload.id, id) } });
      const text = (await reply.text()).replaceAll(reply.headers.get('x-request-id')!, 'REQUEST');
      return [reply.status, text.replaceAll(id, 'ID')];
    };
    const told = await ask(upload.id);
    expect(told).toEqual(await ask(uuidV7(new Date())));
    expect(told[0]).toBeGreaterThanOrEqual(400);
  });

  it('an Idempotency-Key of another tenant is a new one', async () => {
    const reply = await echo(
      ofB,
      { echo: 'of B' },
      { prefer: 'respond-async', 'idempotency-key': 'the-same' },
    );
    expect(reply.status).toBe(201);
    expect(jobOf(reply)).not.toBe(jobId);
  });
});

it('lists have only one’s own', async () => {
  const own = jobOf(await echo(ofB, { echo: randomUUID() }, { prefer: 'respond-async' }));
  const { jobs } = (await (await fetch(`${server.url}/jobs`, { headers: bearer(ofB) })).json()) as {
    jobs: { jobID: string }[];
  };
  expect(jobs.map(({ jobID }) => jobID)).toContain(own);
  expect(jobs.map(({ jobID }) => jobID)).not.toContain(jobId);
});
