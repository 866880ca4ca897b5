/** Every process of tier 3 gives on AWS what it gives on this machine: S3, SQS, EventBridge and logs of moto, real programs. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startServer, type TestServer } from '../../support/app.js';
import { FakeBatch } from '../../support/fake-batch/fake-batch.js';
import { eventsToMoto, logToMoto } from '../../support/fake-batch/moto-sinks.js';
import { type Moto, startMoto } from '../../support/moto.js';
import { submit, untilFinished } from '../../support/ogc-client.js';
import { INSTALL_LIMIT_MS, python, root, workerReady } from '../../support/python-worker.js';
import { shippedProcess } from '../../support/tier-harness.js';

const processes = readdirSync(join(root, 'processes'))
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => shippedProcess(file))
  .filter(({ enabled, handlers }) => enabled && handlers['cloud-batch']);
const WAIT_MS = 120_000;

describe.skipIf(!python)('on AWS as on this machine', () => {
  let moto: Moto;
  let fake: FakeBatch;
  let local: TestServer;
  let aws: TestServer;
  beforeAll(async () => {
    const environment = await workerReady();
    moto = await startMoto();
    await moto.makeBucket('honua-inputs');
    await moto.makeBucket('honua-outputs');
    await moto.makeBatchRule('states', await moto.makeQueue('completions'));
    fake = await FakeBatch.start({
      queues: { cpu: { hasPolicy: true } },
      definitions: { 'worker:1': { logGroup: '/aws/batch/worker' } },
      surroundings: { PATH: `${join(environment, 'bin')}:/usr/bin:/bin`, ...moto.environment },
      events: eventsToMoto(moto.endpoint),
      logs: (log) => logToMoto(moto.endpoint, log),
    });
    for (const [name, value] of Object.entries(moto.environment)) vi.stubEnv(name, value);
    vi.stubEnv('AWS_ENDPOINT_URL_BATCH', fake.url);
    const settings = {
      Processing__Tier1Enabled: 'false',
      Processing__Tier2Enabled: 'false',
      Limits__MaxConcurrentPythonGpu: '20',
      Limits__MaxConcurrentJobs: '40',
    };
    local = await startServer(settings);
    aws = await startServer({
      ...settings,
      Processing__ArtifactStore__Provider: 's3',
      Processing__CloudBatch__Provider: 'aws-batch',
      Processing__CloudBatch__InputBucket: 'honua-inputs',
      Processing__CloudBatch__OutputBucket: 'honua-outputs',
      Processing__CloudBatch__JobQueue: 'cpu',
      Processing__CloudBatch__JobDefinition: 'worker:1',
      Processing__CloudBatch__CompletionQueue: 'completions',
    });
  }, INSTALL_LIMIT_MS);
  afterAll(async () => {
    await aws?.close();
    await local?.close();
    await fake?.close();
    await moto?.stop();
    vi.unstubAllEnvs();
  });

  const results = async (server: TestServer, process: string, inputs: Record<string, unknown>) => {
    const job = await submit(server.url, process, { inputs, response: 'document' });
    const status = await untilFinished(job, WAIT_MS);
    expect(status).toMatchObject({ status: 'successful', executedTier: 'cloud-batch' });
    const document = (await (await fetch(`${job}/results?response=document`)).json()) as Record<
      string,
      unknown
    >;
    return Object.fromEntries(
      await Promise.all(
        Object.entries(document).map(async ([id, value]) => {
          const { href } = value as { href?: string };
          if (href === undefined) return [id, value];
          const bytes = Buffer.from(await (await fetch(href)).arrayBuffer());
          return [id, bytes.toString('base64')];
        }),
      ),
    ) as Record<string, unknown>;
  };

  it.concurrent.each(processes)(
    '$id',
    async ({ id, examples }) => {
      const { inputs } = examples[0]!;
      const [there, here] = await Promise.all([results(aws, id, inputs), results(local, id, inputs)]);
      expect(there).toEqual(here);
      expect(Object.keys(there).length).toBeGreaterThan(0);
    },
    2 * WAIT_MS,
  );

  it('keeps all of it in S3, and asked AWS Batch for nothing', async () => {
    expect(fake.calls.describejobs).toBeUndefined();
    expect(fake.calls.listjobs).toBeUndefined();
    expect(fake.jobs.size).toBe(fake.calls.submitjob);
    const [one] = fake.jobs.values();
    const environment = Object.fromEntries(
      one!.container.environment.map(({ name, value }) => [name, value]),
    );
    expect(environment).toMatchObject({
      INPUT_S3_BUCKET: 'honua-inputs',
      INPUT_S3_KEY: expect.stringMatching(/^jobs\/[0-9a-f-]+\/inputs\.json$/),
      OUTPUT_S3_BUCKET: 'honua-outputs',
      OUTPUT_S3_KEY: expect.stringMatching(/^runs\/[0-9a-f-]+\/1\/$/),
    });
  });
});
