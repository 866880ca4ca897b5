/** The catalog changes under a running server: new requests see it, runs in flight do not. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';
import { post, statusOf, submit, untilFinished } from '../support/ogc-client.js';

let folder: string;
let server: TestServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'honua-processes-'));
  cpSync('processes', folder, { recursive: true });
  server = await startServer({ Processing__ProcessesFolder: folder });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const describeProcess = async (id: string): Promise<{ status: number; version?: string }> => {
  const reply = await fetch(`${server.url}/processes/${id}`);
  return { status: reply.status, ...((await reply.json()) as object) };
};

const publish = (file: string, edit: (text: string) => string): void => {
  const path = join(folder, file);
  writeFileSync(path, edit(readFileSync(path, 'utf8')));
};

it('a run in flight ends by the definition it was admitted with, the next one has the new', async () => {
  const running = await submit(server.url, 'echo', { inputs: { echo: 'before', pause: 2 } });
  await vi.waitFor(async () => expect((await statusOf(running)).status).toBe('running'), { timeout: 5_000 });

  publish('echo.yaml', (text) =>
    text.replace(/^version: .*$/m, 'version: 9.0.0').replace(/\bpause:/g, 'interval:'),
  );
  await vi.waitFor(async () => expect((await describeProcess('echo')).version).toBe('9.0.0'), {
    timeout: 5_000,
  });

  expect((await post(server.url, 'echo', { inputs: { echo: 'after', pause: 0 } })).status).toBe(400);
  expect((await untilFinished(running)).status).toBe('successful');
  const results = await (await fetch(`${running}/results`)).text();
  expect(results).toContain('before');
});

it('a file broken while the server runs takes only itself away', async () => {
  publish('union.yaml', (text) => `${text}\ncolour: red\n`);
  await vi.waitFor(async () => expect((await describeProcess('union')).status).toBe(404), { timeout: 5_000 });
  expect((await describeProcess('buffer')).status).toBe(200);
});
