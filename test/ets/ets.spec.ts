/**
 * The executable test suite of OGC (ets-ogcapi-processes10) against this service: `ETS_JAR=…-aio.jar npm run test:ets`,
 * with Java 17. It fetches the standard's schemas from schemas.opengis.net, so it needs the internet, or a copy of them
 * there; JAVA_TOOL_OPTIONS can name a trust store for that.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';

const RESULTS = join(import.meta.dirname, 'results.json');

let server: TestServer;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'honua-ets-'));
  // The suite dereferences the monitor link of a synchronous answer with the angle brackets around it.
  server = await startServer({ Ogc__SyncLinkHeader: 'false' });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

it('passes the OGC executable test suite', async () => {
  const jar = process.env.ETS_JAR;
  if (!jar) throw new Error('ETS_JAR must name the all-in-one jar of ets-ogcapi-processes10');
  const properties = join(folder, 'arguments.xml');
  const entries = { iut: server.url, echoprocessid: 'echo', testallprocesses: 'on' };
  const lines = Object.entries(entries).map(([key, value]) => `<entry key="${key}">${value}</entry>`);
  writeFileSync(properties, `<properties version="1.0">${lines.join('')}</properties>`);
  await promisify(execFile)('java', ['-jar', jar, '-o', folder, properties], { maxBuffer: 2 ** 26 });
  const results = readResults();
  const suite = basename(jar).replace(/-aio\.jar$/, '');
  writeFileSync(RESULTS, `${JSON.stringify({ suite, results }, null, 2)}\n`);
  expect(results.length).toBeGreaterThan(50);
  expect(results.filter(({ status }) => status === 'FAIL')).toEqual([]);
}, 600_000);

interface Result {
  test: string;
  status: string;
  /** Why it was skipped or failed. */
  reason?: string;
}

/** The report of TestNG, test by test; its own set-up is left out. */
function readResults(): Result[] {
  const report = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((name) =>
    name.endsWith('testng-results.xml'),
  )!;
  const methods = readFileSync(join(folder, report), 'utf8').matchAll(
    /<test-method\b([^>]*)>(.*?)<\/test-method>/gs,
  );
  return Array.from(methods, ([, head, body]) => {
    const attribute = (name: string): string => new RegExp(` ${name}="([^"]*)"`).exec(head!)?.[1] ?? '';
    const reason = /<message>\s*<!\[CDATA\[(.*?)\]\]>/s.exec(body!)?.[1]?.trim();
    const status = attribute('status');
    return {
      own: attribute('is-config') === 'true',
      result: { test: attribute('name'), status, ...(reason && status !== 'PASS' && { reason }) },
    };
  })
    .filter(({ own }) => !own)
    .map(({ result }) => result)
    .sort((a, b) => (a.test < b.test ? -1 : 1));
}
