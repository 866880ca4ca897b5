/** Operators see to the jobs of AWS Batch. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../support/app.js';
import { type BatchServer, startBatchServer } from '../../support/batch-server.js';
import { type Moto, startMoto } from '../../support/moto.js';
import { INSTALL_LIMIT_MS, python } from '../../support/python-worker.js';

async function ask(
  { url }: TestServer,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(`${url}/admin/batch/jobs${path}`, {
    ...init,
    headers: { 'content-type': 'application/json', accept: 'application/json' },
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe.skipIf(!python)('/admin/batch/jobs', () => {
  let moto: Moto;
  let server: BatchServer;
  beforeAll(async () => {
    moto = await startMoto();
    server = await startBatchServer(moto.endpoint, {}, { entryPoint: ['/bin/sh', '-c'] });
  }, INSTALL_LIMIT_MS);
  afterAll(async () => {
    await server?.close();
    await moto?.stop();
  });

  const submit = async (script: string): Promise<string> => {
    const job = { jobName: 'by-hand', command: [script], shareIdentifier: 'ops' };
    const { status, body } = await ask(server, '', job);
    expect({ status, body }).toMatchObject({ status: 201, body: { jobName: 'by-hand' } });
    return body.jobId as string;
  };
  const become = (id: string, wanted: string): Promise<void> =>
    expect.poll(async () => (await ask(server, `/${id}`)).body.status, { timeout: 8_000 }).toBe(wanted);

  it('runs a command, and tells what it said', async () => {
    const id = await submit('echo here it is');
    await become(id, 'SUCCEEDED');
    expect((await ask(server, `/${id}`)).body).toMatchObject({ jobId: id, exitCode: 0, attempts: 1 });
    expect((await ask(server, `/${id}/logs`)).body).toEqual({ lines: ['here it is'] });
    const ids = async (query: string): Promise<unknown[]> =>
      ((await ask(server, query)).body.jobs as { jobId: string }[]).map(({ jobId }) => jobId);
    expect(await ids('')).toContain(id);
    expect(await ids('?status=SUCCEEDED&queue=cpu')).toContain(id);
    expect(await ids('?status=RUNNING')).not.toContain(id);
  });

  it('terminates what runs, with a reason', async () => {
    const id = await submit('sleep 60');
    await become(id, 'RUNNING');
    expect(await ask(server, `/${id}/cancel`, { reason: 'not wanted' })).toMatchObject({ status: 202 });
    await become(id, 'RUNNING');
    expect(await ask(server, `/${id}/terminate`, {})).toMatchObject({ status: 400 });
    expect(await ask(server, `/${id}/terminate`, { reason: 'not wanted' })).toMatchObject({ status: 202 });
    await become(id, 'FAILED');
    expect((await ask(server, `/${id}`)).body).toMatchObject({ statusReason: 'not wanted' });
  });

  it('checks, and sends nothing, in a dry run', async () => {
    const before = server.fake.calls.submitjob;
    const job = { jobName: 'dry', command: ['true'], dryRun: true };
    expect(await ask(server, '', job)).toMatchObject({
      status: 201,
      body: { request: { jobName: 'dry', jobQueue: 'cpu', jobDefinition: 'worker:1' } },
    });
    expect(await ask(server, '', { ...job, jobName: 'not a name' })).toMatchObject({ status: 400 });
    expect(server.fake.calls.submitjob).toBe(before);
  });

  it('refuses what is not there, or no query, and says when AWS does not answer', async () => {
    expect(await ask(server, '/none')).toMatchObject({ status: 404 });
    expect(await ask(server, '/none/terminate', { reason: 'x' })).toMatchObject({ status: 404 });
    expect(await ask(server, '?status=GONE')).toMatchObject({ status: 400 });
    server.fake.faults.revoked = true;
    expect(await ask(server, '/none')).toMatchObject({ status: 503 });
    server.fake.faults.revoked = false;
  });

  it('is a conflict where workers run elsewhere', async () => {
    const local = await startServer();
    expect(await ask(local, '')).toMatchObject({ status: 409 });
    expect(await ask(local, '/none')).toMatchObject({ status: 409 });
    expect(await ask(local, '', { jobName: 'a', command: ['b'] })).toMatchObject({ status: 409 });
    await local.close();
  });
});
