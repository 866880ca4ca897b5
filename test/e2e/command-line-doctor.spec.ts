/** `honua doctor batch`: each rung on the Python worker, and what it says where one does not hold. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';
import { INSTALL_LIMIT_MS, python, workerReady } from '../support/python-worker.js';
import { makeWorkerEnvironment } from '../support/worker-environment.js';

const COMMAND = resolve(import.meta.dirname, '../../dist/src/cli/honua.js');
/** All of them take a minute and more. */
const LAST = process.env.HONUA_FAULT_SECONDS ? 'twenty-five regions' : 'three regions';

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

async function doctor(server: TestServer, ...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [COMMAND, 'doctor', 'batch', ...args], {
    env: { PATH: process.env.PATH, HOME: tmpdir(), HONUA_SERVER: server.url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, stdout, stderr };
}

describe.skipIf(!python)('on a tier that works', () => {
  let server: TestServer;
  beforeAll(async () => {
    await workerReady();
    server = await startServer({ Limits__MaxConcurrentPythonGpu: '4' });
  }, INSTALL_LIMIT_MS);
  afterAll(() => server?.close());

  it('every rung holds', async () => {
    const { code, stdout, stderr } = await doctor(server, '--up-to', LAST);
    expect(code, stderr).toBe(0);
    const held = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/)[0]);
    const rungs = ['hello', 'store', 'imports', 'one region', 'three regions', 'twenty-five regions', 'go'];
    expect(held).toEqual(rungs.slice(0, LAST === 'three regions' ? 5 : 7));
  }, 300_000);

  it('programs get a line for each', async () => {
    const { code, stdout } = await doctor(server, '--up-to', 'hello', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ rung: 'hello', holds: true });
  });

  it('a rung that there is none of is a wrong word', async () => {
    expect(await doctor(server, '--up-to', 'heaven')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('hello, store, imports'),
    });
  });
});

describe('on a tier that does not', () => {
  it('stops at the first rung, and says why and what to do: there is no worker', async () => {
    const server = await startServer({ Processing__CloudBatch__WorkerFolder: '/nowhere' });
    try {
      const { code, stdout, stderr } = await doctor(server);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toContain('hello: ');
      expect(stderr).toContain('The Python worker is not installed.');
      expect(stderr).toContain('look at the job queue');
    } finally {
      await server.close();
    }
  });

  it('stops where a job does other things than it should', async () => {
    const worker = makeWorkerEnvironment(['batch-check']);
    const server = await startServer({ Processing__CloudBatch__WorkerFolder: worker });
    try {
      const { code, stderr } = await doctor(server);
      expect(code).toBe(1);
      expect(stderr).toMatch(/hello: A job succeeded and gave no report\. \(job [0-9a-f-]{36}\)/);
    } finally {
      await server.close();
      rmSync(worker, { recursive: true });
    }
  });
});
