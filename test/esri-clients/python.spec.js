import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer } from '../support/app.ts';

/** Python's `arcgis`, unmodified; `npm run python` in this folder installs it. */
let server;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

it('imports both services as toolboxes and runs their tools', async () => {
  const python = join(import.meta.dirname, '.venv/bin/python');
  const script = join(import.meta.dirname, 'toolbox.py');
  const { stdout } = await promisify(execFile)(python, [script, server.url], { timeout: 110_000 });
  const tools = ['buffer', 'dissolve', 'echo', 'make_valid'];
  expect(JSON.parse(stdout)).toEqual({
    GP: tools,
    'GP buffer': [true, 'Luzern'],
    'GP echo': ['Grüezi', 6],
    'GP windows': [[1], Date.UTC(2026, 4, 1, 8)],
    GPSync: tools,
    'GPSync buffer': [true, 'Luzern'],
    'GPSync echo': ['Grüezi', 6],
    'GPSync windows': [[1], Date.UTC(2026, 4, 1, 8)],
  });
}, 120_000);
