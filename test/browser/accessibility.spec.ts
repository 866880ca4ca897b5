import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';
import { submit, untilFinished } from '../support/ogc-client.js';
import { barriers, launch, LOOKS, overflow, visit } from './visitor.js';

const TOWNS = {
  type: 'FeatureCollection',
  features: [
    ['Luzern', 8.3, 47.05],
    ['Bern', 7.45, 46.95],
    ['Zürich', 8.54, 47.37],
  ].map(([name, x, y]) => ({
    type: 'Feature',
    properties: { name },
    geometry: { type: 'Point', coordinates: [x, y] },
  })),
};

let folder: string;
let server: TestServer;
let browser: Browser;
let itemID: string;
const jobs: Record<'finished' | 'plain' | 'failed' | 'running' | 'dismissed', string> = {} as never;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'honua-pages-'));
  writeFileSync(join(folder, 'towns.geojson'), JSON.stringify(TOWNS));
  server = await startServer({
    Layers__towns__provider: 'geojson',
    Layers__towns__path: join(folder, 'towns.geojson'),
  });
  const run = (process: string, inputs: Record<string, unknown>): Promise<string> =>
    submit(server.url, process, { inputs });
  jobs.finished = await run('buffer', { features: TOWNS, distance: 20_000 });
  jobs.plain = await run('echo', { echo: 'Hello' });
  jobs.failed = await run('echo', { echo: 'Hello', pause: 60 });
  jobs.dismissed = await run('echo', { echo: 'Hello', pause: 20 });
  await fetch(jobs.dismissed, { method: 'DELETE' });
  for (const job of [jobs.finished, jobs.plain, jobs.failed]) await untilFinished(job);
  jobs.running = await run('echo', { echo: 'Hello', pause: 29 });
  for (const [path, rule] of [
    ['limits', { maxConcurrentJobs: 9 }],
    ['policy-overrides/echo', { tierOrder: ['in-process'], artifactRetention: '7d' }],
  ] as const)
    await fetch(`${server.url}/admin/tenants/default/${path}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(rule),
    });
  const form = new FormData();
  form.set('f', 'json');
  form.set('description', 'Towns of last summer');
  form.set('file', new Blob([JSON.stringify(TOWNS)]), 'towns.geojson');
  const reply = await fetch(`${server.url}/arcgis/rest/services/GP/GPServer/uploads/upload`, {
    method: 'POST',
    body: form,
  });
  ({ itemID } = ((await reply.json()) as { item: { itemID: string } }).item);
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const gpJob = (task: string, url: string): string =>
  `/arcgis/rest/services/GP/GPServer/${task}/jobs/j${url.split('/').at(-1)!.replaceAll('-', '')}`;

const PAGES: Record<string, () => string> = {
  landing: () => '/',
  conformance: () => '/conformance',
  processes: () => '/processes',
  'processes, none found': () => '/processes?q=nothing+at+all',
  'process with features': () => '/processes/buffer',
  'process with two inputs of features': () => '/processes/intersection',
  'process without features': () => '/processes/echo',
  'process from an earlier run': () => `/processes/buffer?from=${jobs.finished.split('/').at(-1)}`,
  jobs: () => '/jobs',
  'jobs, filtered': () => '/jobs?status=successful&processID=buffer&limit=1',
  'job that gave features': () => jobs.finished,
  'job that gave values': () => jobs.plain,
  'job that failed': () => jobs.failed,
  'job that runs': () => jobs.running,
  'job that was dismissed': () => jobs.dismissed,
  results: () => `${jobs.finished}/results`,
  layers: () => '/layers',
  layer: () => '/layers/towns',
  'services directory': () => '/arcgis/rest/services?f=html',
  'GP service': () => '/arcgis/rest/services/GP/GPServer?f=html',
  'GP task': () => '/arcgis/rest/services/GP/GPServer/buffer?f=html',
  'GP submit form': () => '/arcgis/rest/services/GP/GPServer/dissolve/submitJob?f=html',
  'GP execute form': () => '/arcgis/rest/services/GPSync/GPServer/echo/execute?f=html',
  'GP job that gave features': () => gpJob('buffer', jobs.finished),
  'GP job that gave values': () => gpJob('echo', jobs.plain),
  'GP job that failed': () => gpJob('echo', jobs.failed),
  'GP job that runs': () => gpJob('echo', jobs.running),
  'GP result': () => `${gpJob('buffer', jobs.finished)}/results/Output_Features`,
  'GP input': () => `${gpJob('buffer', jobs.finished)}/inputs/Distance`,
  uploads: () => '/arcgis/rest/services/GP/GPServer/uploads?f=html',
  'upload form': () => '/arcgis/rest/services/GP/GPServer/uploads/upload?f=html',
  'upload that was sent': () => `/arcgis/rest/services/GP/GPServer/uploads/${itemID}?f=html`,
  'geometry folder': () => '/arcgis/rest/services/Utilities?f=html',
  'geometry service': () => '/arcgis/rest/services/Geometry/GeometryServer?f=html',
  'geometry form': () => '/arcgis/rest/services/Geometry/GeometryServer/buffer?f=html',
  'geometry result': () =>
    '/arcgis/rest/services/Geometry/GeometryServer/buffer?f=html&geometries=8,47&inSR=4326&distances=1&unit=9036',
  'wrong request to a task': () => '/arcgis/rest/services/GP/GPServer/buffer/execute?f=html&Distance=x',
  'no such task': () => '/arcgis/rest/services/GP/GPServer/nothing?f=html',
  operations: () => '/admin',
  'runs of every tenant': () => '/admin/runs',
  'run, for operators': () => `/admin/runs/${jobs.failed.split('/').at(-1)}`,
  'tiers, for operators': () => '/admin/tiers',
  tenants: () => '/admin/tenants',
  tenant: () => '/admin/tenants/default',
  'limits of a tenant': () => '/admin/tenants/default/limits',
  'policies of a tenant': () => '/admin/tenants/default/policy-overrides',
  usage: () => '/admin/usage?tenant=default',
  'nothing there': () => '/nowhere',
  'wrong query': () => '/jobs?limit=0&status=x',
};

/** Every page at every look takes minutes (`npm run test:browser`); a shorter round takes them in turn. */
const seenAt = (place: number): string[] =>
  Object.keys(PAGES).filter((_, index) => process.env.HONUA_EVERY_LOOK || index % LOOKS.length === place);

describe.each(LOOKS.map((look, place) => ({ ...look, place })))('at $width pixels, $scheme', (look) => {
  it.each(seenAt(look.place))('%s: no barriers, no errors, nothing wider than the screen', async (name) => {
    const { page, complaints, leave } = await visit(browser, look);
    try {
      const url = new URL(PAGES[name]!(), server.url);
      const reply = await page.goto(url.href);
      // A page that says that nothing is there is still a page; the browser logs its status.
      const expected = reply!.ok() ? [] : [expect.stringContaining(`status of ${reply!.status()}`)];
      await page.waitForLoadState(name.endsWith('job that runs') ? 'load' : 'networkidle');
      expect(await barriers(page)).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(complaints).toEqual(expected);
    } finally {
      await leave();
    }
  });
});
