import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';
import { post, submit, untilFinished } from '../support/ogc-client.js';
import { getJson, type Link } from './client.js';
import { requirement } from './requirement.js';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const HOSTILE = `"><script>alert('x')</script><b title='`;

let server: TestServer;
let job: string;
beforeAll(async () => {
  server = await startServer();
  job = await submit(server.url, 'buffer', {
    inputs: {
      features: {
        type: 'Feature',
        properties: { [HOSTILE]: HOSTILE },
        geometry: { type: 'Point', coordinates: [8, 47] },
      },
      distance: 1000,
    },
  });
  await untilFinished(job);
});
afterAll(() => server.close());

const documents = (): string[] =>
  ['/', '/conformance', '/processes?limit=10000', '/processes/buffer', '/jobs']
    .map((path) => server.url + path)
    .concat(job);

async function pageOf(url: string): Promise<string> {
  const reply = await fetch(url, { headers: { accept: BROWSER } });
  expect(reply.status, url).toBe(200);
  expect(reply.headers.get('content-type'), url).toBe('text/html; charset=utf-8');
  expect(reply.headers.get('vary')?.toLowerCase(), url).toContain('accept');
  return reply.text();
}

const ENTITIES: Record<string, string> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
};
const decoded = (html: string): string =>
  html.replaceAll(/&(?:lt|gt|quot|#39|amp);/g, (entity) => ENTITIES[entity]!);

/** Every text and number of a document. */
const leaves = (value: unknown): string[] =>
  typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [String(value)];

const linksOf = (value: unknown): Link[] => {
  if (typeof value !== 'object' || value === null) return [];
  const own = Array.isArray(value) ? [] : ((value as { links?: Link[] }).links ?? []);
  return [...own, ...Object.values(value).flatMap(linksOf)];
};

requirement('/req/html/definition', async () => {
  for (const url of [...documents(), `${job}/results`]) {
    const page = await pageOf(url);
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    const named = new URL(url);
    named.searchParams.set('f', 'html');
    expect((await fetch(named, { headers: { accept: 'image/png' } })).headers.get('content-type')).toMatch(
      /^text\/html/,
    );
    named.searchParams.set('f', 'json');
    const json = await fetch(named, { headers: { accept: BROWSER } });
    expect(json.headers.get('content-type')).toMatch(/^application\/(?:geo\+)?json/);
  }
  expect((await pageOf(`${server.url}/api`)).toLowerCase()).toContain('<!doctype html>');
});

requirement('/req/html/content', async () => {
  for (const url of documents()) {
    const page = await pageOf(url);
    const document = await getJson(url);
    const text = decoded(page.replaceAll(/<\/?code>/g, ''));
    expect(
      leaves(document).filter((leaf) => !text.includes(leaf.replaceAll('`', ''))),
      `what ${url} does not tell`,
    ).toEqual([]);
    const missing = linksOf(document).filter(({ href }) => !text.includes(`<a href="${href}"`));
    expect(missing, `what ${url} does not link`).toEqual([]);
  }
  const [link] = linksOf(await getJson(job)).filter(({ rel }) => rel.endsWith('/results'));
  const results = await pageOf(link!.href);
  expect(results).toMatch(/<a [^>]*href="[^"]+\/artifacts\/[^"]+"/);
  expect(results).toContain('application/geo+json');
});

describe('pages', () => {
  it('answer an execution that a browser asks for', async () => {
    const body = { inputs: { echo: HOSTILE } };
    const reply = await post(server.url, 'echo', body, { accept: BROWSER });
    expect(reply.headers.get('content-type')).toMatch(/^text\/html/);
    const page = await reply.text();
    expect(page).not.toContain(`<script>alert`);
    expect(decoded(page)).toContain(JSON.stringify(HOSTILE));
  });

  it('escape what others wrote, wherever it stands', async () => {
    const hostile = encodeURIComponent(HOSTILE);
    const failed = await submit(server.url, 'buffer', { inputs: { features: HOSTILE, distance: 1 } }).catch(
      (error: Error) => error.message,
    );
    expect(failed).toContain('400');
    const urls = [
      job,
      `${job}/results`,
      `${server.url}/processes/buffer?from=${job.split('/').at(-1)}`,
      `${server.url}/processes?q=${hostile}`,
      `${server.url}/jobs?datetime=${hostile}`,
      `${server.url}/jobs?processID=${hostile}`,
      `${server.url}/${hostile}`,
    ];
    for (const url of urls) {
      const page = await (await fetch(url, { headers: { accept: BROWSER } })).text();
      expect(page, url).toMatch(/^<!doctype html>/);
      expect(page, url).not.toMatch(/<script>|<b title|alert\('x'\)<\/script>/);
    }
  });

  it('allow nothing inline and no other host', async () => {
    for (const url of [...documents(), `${job}/results`, `${server.url}/nowhere`]) {
      const reply = await fetch(url, { headers: { accept: BROWSER } });
      const policy = reply.headers.get('content-security-policy')!;
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("style-src 'self';");
      expect(policy).not.toMatch(/unsafe|\*/);
      const page = await reply.text();
      expect(page).not.toMatch(/<script(?![^>]* src=)|<style| style="| on\w+="/);
      for (const [, source] of page.matchAll(/<(?:script|link|img)[^>]*(?:src|href)="([^"]+)"/g))
        if (!source!.startsWith(server.url)) expect(source).toMatch(/^\/assets\//);
    }
  });

  it('are what errors are too, where a page was asked for', async () => {
    for (const [path, status] of [
      ['/nowhere', 404],
      ['/processes/nothing', 404],
      ['/jobs?limit=0', 400],
      ['/jobs/01990000-0000-7000-8000-000000000001', 404],
    ] as const) {
      const reply = await fetch(server.url + path, { headers: { accept: BROWSER } });
      expect([reply.status, reply.headers.get('content-type')]).toEqual([status, 'text/html; charset=utf-8']);
      const json = await fetch(server.url + path);
      expect([json.status, json.headers.get('content-type')]).toEqual([status, 'application/json']);
    }
    const wrong = await fetch(`${server.url}/jobs?f=xml`, { headers: { accept: BROWSER } });
    expect([wrong.status, wrong.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
  });

  it('load assets that are kept for ever, by a name that changes with them', async () => {
    const page = await pageOf(`${server.url}/processes/buffer`);
    const paths = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path!);
    expect(paths.length).toBeGreaterThan(6);
    for (const path of paths) {
      const asset = await fetch(server.url + path);
      expect(asset.status, path).toBe(200);
      expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      const old = await fetch(server.url + path.replace(/assets\/[^/]+/, 'assets/older'));
      expect([old.status, old.headers.get('cache-control')]).toEqual([200, 'no-cache']);
    }
    expect((await fetch(`${server.url}/assets/x/..%2f..%2fpackage.json`)).status).toBe(404);
  });
});
