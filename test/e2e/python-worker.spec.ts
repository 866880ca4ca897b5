/** The worker's own tests, and the service on a machine that has no worker. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { startServer } from '../support/app.js';
import { executeSync, post } from '../support/ogc-client.js';
import { INSTALL_LIMIT_MS, python, root, workerReady } from '../support/python-worker.js';

const run = promisify(execFile);
const TEST_LIMIT_MS = 400_000;

describe.skipIf(!python)('the Python worker by itself', () => {
  const cwd = join(root, 'workers/python');
  let programs: string;
  beforeAll(async () => {
    programs = join(await workerReady(), 'bin');
    const lock = ['--require-hashes', '-r', 'requirements-dev.lock'];
    await run(join(programs, 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...lock], { cwd });
  }, INSTALL_LIMIT_MS);

  it.each([
    ['is laid out alike', 'ruff', ['format', '--check', '.']],
    ['has no flaws that can be seen', 'ruff', ['check', '.']],
    ['has sound types', 'mypy', []],
    ['passes its tests', 'pytest', ['--no-header', '-p', 'no:cacheprovider']],
  ])(
    '%s',
    async (_, program, args) => {
      const outcome = await run(join(programs, program), args, { cwd }).then(
        () => 'passed',
        ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr,
      );
      expect(outcome).toBe('passed');
    },
    TEST_LIMIT_MS,
  );
});

it('without a worker its processes say so by name, and all others run', async () => {
  const server = await startServer({ Processing__CloudBatch__WorkerFolder: '/nowhere' });
  try {
    const refused = await post(server.url, 'ndvi', {
      inputs: { raster: { value: 'AAAA', encoding: 'base64', mediaType: 'image/tiff' } },
    });
    expect(refused.status).toBe(503);
    const problem = await refused.json();
    expect(problem).toMatchObject({
      detail: expect.stringContaining("No execution tier available for 'ndvi'."),
    });
    expect(JSON.stringify(problem)).toContain('The Python worker is not installed.');
    const features = { type: 'Point', coordinates: [7, 46] };
    const made = await executeSync(server.url, 'buffer', { inputs: { features, distance: 5 } });
    expect(made.type).toBe('FeatureCollection');
    const listed = (await (await fetch(`${server.url}/processes?limit=1000`)).json()) as {
      processes: { id: string }[];
    };
    expect(listed.processes.map(({ id }) => id)).toContain('ndvi');
  } finally {
    await server.close();
  }
});
