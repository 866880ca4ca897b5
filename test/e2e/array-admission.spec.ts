/** Arrays of runs before the limits of their tenant, before an operator, and across a server that is gone. */
import { afterEach, expect, it } from 'vitest';
import { withClient } from '../../launcher/private-cluster.ts';
import { startServer, type TestServer } from '../support/app.js';
import { jobUrl, post, statusOf, untilFinished } from '../support/ogc-client.js';

let server: TestServer;
afterEach(() => server.close());

const array = (size: number): object[] =>
  Array.from({ length: size }, (_, index) => ({ inputs: { echo: `${index}` } }));
const submitted = async (size: number): Promise<string> => {
  const reply = await post(server.url, 'echo', { array: array(size) });
  expect(reply.status, await reply.clone().text()).toBe(201);
  return jobUrl(server.url, reply);
};
const problem = async (size: number): Promise<object> => {
  const reply = await post(server.url, 'echo', { array: array(size) });
  return { http: reply.status, ...((await reply.json()) as object) };
};
const jobs = async (): Promise<unknown[]> =>
  ((await (await fetch(`${server.url}/jobs`)).json()) as { jobs: unknown[] }).jobs;

it('a budget sees the sum of an array, and what it reserves', async () => {
  server = await startServer({ Limits__MaxCostUnitsPerDay: '20', Limits__MaxConcurrentJobs: '0' });
  const units = (each: number, size: number): Promise<Response> =>
    post(server.url, 'echo', { inputs: { pause: each }, array: array(size) });
  const refused = await units(7, 3);
  expect(refused.status).toBe(402);
  expect(await refused.json()).toMatchObject({ code: 'budget-spent' });
  expect(await jobs()).toEqual([]);
  expect((await units(4, 3)).status).toBe(201);
  expect((await units(3, 3)).status).toBe(402);
  expect((await units(4, 2)).status).toBe(201);
});

it('a queue that has no room for all of an array takes none of it, and says which would be too many', async () => {
  server = await startServer({ Limits__MaxConcurrentJobs: '0', Scheduling__MaxQueuedPerTenant: '10' });
  expect(await problem(11)).toMatchObject({
    http: 429,
    code: 'tenant-queue-full',
    detail: expect.stringContaining('/array/10: '),
  });
  expect(await jobs()).toEqual([]);
  await submitted(10);
});

it('an array that waits for approval is approved, or rejected, with all its runs', async () => {
  server = await startServer({ ResourceClasses__CpuBurst__needsApproval: 'true' });
  const decide = (job: string, verdict: string): Promise<Response> =>
    fetch(`${server.url}/admin/runs/${job.split('/').at(-1)}/${verdict}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'We looked at it.' }),
    });
  const [good, bad] = [await submitted(3), await submitted(3)];
  expect(await statusOf(good)).toMatchObject({
    message: 'Process execution awaits approval',
    array: { queued: 3 },
  });
  const approved = await decide(good, 'approve');
  expect(approved.status, await approved.text()).toBe(200);
  expect(await untilFinished(good)).toMatchObject({ status: 'successful', array: { succeeded: 3 } });
  expect((await decide(bad, 'reject')).status).toBe(200);
  expect(await untilFinished(bad)).toMatchObject({ status: 'failed', array: { failed: 3 } });
  expect((await decide(bad, 'approve')).status).toBe(409);
});

it('an array whose children ended while nobody looked is settled by the sweep', async () => {
  server = await startServer({ Scheduling__SweepEvery: '1s', Limits__MaxConcurrentJobs: '0' });
  const job = await submitted(3);
  // As a server that ended right after its last child would leave it.
  await withClient(server.database.superUrl, (client) =>
    client.query(
      `update process_runs set state = 'cancelled', completed_at = clock_timestamp(), event_seq = event_seq + 1
        where parent_run_id = $1`,
      [job.split('/').at(-1)],
    ),
  );
  expect(await untilFinished(job, 10_000)).toMatchObject({
    status: 'failed',
    message: '0 of 3 runs succeeded, 3 were cancelled.',
  });
});
