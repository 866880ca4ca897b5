import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer } from '../support/app.ts';
import { countyRings } from './counties.js';
import { expectAnswer, expectations } from './geometry-expectations.js';

/** @arcgis/core, unmodified, in a browser: a page of another origin, with nothing else of the internet. */
const folder = mkdtempSync(join(tmpdir(), 'honua-esri-'));
const strangers = [];
let server, pages, browser, page;

beforeAll(async () => {
  server = await startServer();
  await build({
    entryPoints: [join(import.meta.dirname, 'browser-page.js')],
    bundle: true,
    splitting: true,
    format: 'esm',
    outdir: folder,
    loader: { '.css': 'empty' },
    logLevel: 'error',
  });
  pages = createServer((request, response) => {
    if (request.url === '/')
      return response
        .setHeader('content-type', 'text/html')
        .end('<script type="module" src="/browser-page.js"></script>');
    try {
      const bytes = readFileSync(join(folder, request.url.replaceAll('..', '')));
      response
        .setHeader('content-type', extname(request.url) === '.js' ? 'text/javascript' : 'text/plain')
        .end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => pages.listen(0, '127.0.0.1', resolve));
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  page = await browser.newPage();
  page.on('request', (request) => {
    if (!/^(?:http:\/\/127\.0\.0\.1:|data:|blob:)/.test(request.url())) strangers.push(request.url());
  });
  await page.goto(`http://127.0.0.1:${pages.address().port}/`);
  await page.waitForFunction(() => globalThis.scenarios !== undefined);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  pages?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const task = (name, service = 'GP') => `${server.url}/arcgis/rest/services/${service}/GPServer/${name}`;
const geometryServer = () => `${server.url}/arcgis/rest/services/Utilities/Geometry/GeometryServer`;
const run = (scenario, ...given) =>
  page.evaluate(([name, all]) => globalThis.scenarios[name](...all), [scenario, given]);

it('executes', async () => {
  expect(await run('execute', task('buffer', 'GPSync'))).toEqual({
    wkid: 4326,
    width: expect.closeTo(0.263, 2),
    attributes: { OBJECTID: 0, name: '' },
  });
});

it('submits more than a URL holds, waits and fetches the result', async () => {
  expect(await run('submit', task('buffer'))).toEqual({ status: 'job-succeeded', features: 1 });
});

it('cancels', async () => {
  expect(await run('cancel', task('echo'))).toBe('job-cancelled');
});

it('reads errors of another origin', async () => {
  expect(await run('fail', task('buffer'))).toEqual({
    name: 'request:server',
    status: 400,
    messages: ['Input_Features is required', 'Distance is required'],
  });
});

it.each(Object.keys(expectations))('geometryService.%s', async (name) => {
  expectAnswer(name, await run('geometry', geometryServer(), name, countyRings()));
});

it('has areas across the dateline cut here before it sends them', async () => {
  expect(await run('acrossTheDateline', task('make_valid', 'GPSync'), geometryServer())).toBe(2);
});

it('tries without its token, is told 499, and comes again with it', async () => {
  const secured = await startServer({ Identity__Logins: 'ana:secret@acme' });
  try {
    const form = new URLSearchParams({ f: 'json', username: 'ana', password: 'secret' });
    const { token } = await (
      await fetch(`${secured.url}/arcgis/tokens/generateToken`, { method: 'POST', body: form })
    ).json();
    const services = `${secured.url}/arcgis/rest/services`;
    expect(await run('signedIn', `${services}/GPSync/GPServer/echo`, services, token)).toBe('x');
  } finally {
    await secured.close();
  }
});

it('asked no other host for anything', () => {
  expect(strangers).toEqual([]);
});
