/** What docs/how-to/add-a-python-process.md says is done to a copy of the project, which then has its process. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installWorker } from '../../launcher/install-worker.ts';
import { loadDefinition } from '../../src/registry/index.js';
import { startServer, type TestServer } from '../support/app.js';
import { executeAsync } from '../support/ogc-client.js';
import { INSTALL_LIMIT_MS, python, root, workerReady } from '../support/python-worker.js';

const page = readFileSync(join(root, 'docs/how-to/add-a-python-process.md'), 'utf8');
const files = [...page.matchAll(/^`([^`\n]+)`:\n\n```\w+\n([\s\S]*?)^```/gm)].map(([, path, code]) => ({
  path: path!,
  code: code!,
}));

/** A new file is written; a line of a list goes before its first one. */
function follow(file: string, code: string): void {
  const text = existsSync(file)
    ? readFileSync(file, 'utf8').replace(/^ +Script\(/m, (first) => code + first)
    : code;
  writeFileSync(file, text);
}

describe.skipIf(!python)('following the page', () => {
  let folder: string;
  let server: TestServer;
  beforeAll(async () => {
    await workerReady(); // what it fetched is at hand then
    folder = mkdtempSync(join(tmpdir(), 'honua-python-'));
    for (const part of ['workers/python', 'processes'])
      cpSync(join(root, part), join(folder, part), {
        recursive: true,
        filter: (path) => !/\.venv|\.installing|build|egg-info|_cache/.test(path),
      });
    for (const { path, code } of files) follow(join(folder, path), code);
    const worker = await installWorker(folder);
    server = await startServer({
      Processing__ProcessesFolder: join(folder, 'processes'),
      Processing__CloudBatch__WorkerFolder: worker,
    });
  }, INSTALL_LIMIT_MS);
  afterAll(async () => {
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('gives a process that does what its example says', async () => {
    expect(files).toHaveLength(3);
    const { path, code } = files.at(-1)!;
    const { definition } = loadDefinition(path, code).entry!;
    const [{ inputs, expect: wanted }] = definition.examples as [(typeof definition.examples)[0]];
    const outputs = await executeAsync(server.url, definition.id, { inputs, response: 'document' });
    expect(outputs).toEqual(wanted.outputs);
  });
});
