/** Python's clients of OGC API - Processes, unmodified: `npm run test:ogc-clients` installs and runs them. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';

const folder = import.meta.dirname;
const run = promisify(execFile);
const tool = (name: string): string => join(folder, '.venv/bin', name);

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

it('OWSLib finds, describes and executes', async () => {
  const { stdout } = await run(tool('python'), [join(folder, 'owslib_client.py'), server.url]);
  const found = JSON.parse(stdout) as Record<string, unknown> & { processes: string[] };
  expect(found.processes).toContain('buffer');
  expect(found).toEqual({
    core: true,
    openapi: '3.0',
    processes: found.processes,
    described: found.processes,
    echo: { echo: 'Grüezi', length: 6 },
    buffer: ['Polygon', { town: 'Luzern' }],
  });
});

/** Requests made from the API definition, right and wrong ones: no 5xx, and no answer that it does not describe. */
it('schemathesis finds nothing that the API definition does not say', async () => {
  const options = ['--config-file', join(folder, 'schemathesis.toml'), 'run'];
  const limits = ['--max-examples', '20', '--workers', '1', '--request-timeout', '30', '--seed', '1'];
  const args = [...options, `${server.url}/api/openapi.json`, ...limits, '--no-color'];
  const { stdout } = await run(tool('schemathesis'), args, {
    cwd: folder,
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error: { stdout: string }) => ({ stdout: error.stdout }));
  console.log(stdout.slice(stdout.indexOf('SUMMARY')));
  expect(stdout).toMatch(/No issues found|no failures|[\d,]+ passed/i);
  expect(stdout).not.toMatch(/Failures:|Errors:/);
}, 900_000);
