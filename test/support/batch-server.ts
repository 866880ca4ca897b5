import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { BatchProvider } from '../../src/tiers/cloud-batch/batch-provider.js';
import type { AwsBatchProvider } from '../../src/tiers/cloud-batch/aws/aws-batch-provider.js';
import { readJobDetail } from '../../src/tiers/cloud-batch/aws/job-detail.js';
import { startServer, type TestServer } from './app.js';
import { FakeBatch, type FakeBatchOptions } from './fake-batch/fake-batch.js';
import { logToMoto } from './fake-batch/moto-sinks.js';
import { makeWorkerEnvironment, ODD_PROCESS } from './worker-environment.js';

const root = resolve(import.meta.dirname, '../..');
export interface BatchServer extends TestServer {
  fake: FakeBatch;
  provider: AwsBatchProvider;
}

/**
 * A server whose workers are jobs of a fake AWS Batch: the one that does odd things (`odd`, and `odd-gpu`, which needs a GPU), as a program. Events are told to the
 * provider as they come, of one job one after another; logs are in CloudWatch as `logsEndpoint` has it.
 */
export async function startBatchServer(
  logsEndpoint: string,
  settings: Record<string, string> = {},
  options: FakeBatchOptions = {},
): Promise<BatchServer> {
  const workers = makeWorkerEnvironment(['odd', 'odd-gpu'], { 'odd-gpu': 1 });
  const processes = mkdtempSync(join(tmpdir(), 'honua-processes-'));
  cpSync(join(root, 'processes'), processes, { recursive: true });
  writeFileSync(join(processes, 'odd.yaml'), ODD_PROCESS);
  writeFileSync(
    join(processes, 'odd-gpu.yaml'),
    ODD_PROCESS.replace('id: odd', 'id: odd-gpu').replace('script: odd', 'script: odd-gpu'),
  );
  let provider: AwsBatchProvider | undefined;
  const turns = new Map<string, Promise<void>>();
  const fake = await FakeBatch.start({
    queues: { cpu: { hasPolicy: true }, gpu: { hasPolicy: true } },
    definitions: {
      'worker:1': { logGroup: '/aws/batch/worker' },
      'gpu:1': { logGroup: '/aws/batch/worker' },
    },
    surroundings: { PATH: `${join(workers, 'bin')}:/usr/bin:/bin` },
    machines: 4,
    events: ({ detail }) => {
      const about = readJobDetail(detail);
      const turn = (turns.get(about.jobId) ?? Promise.resolve()).then(() => provider?.accept(about));
      turns.set(
        about.jobId,
        turn.catch(() => {}),
      );
      return turn;
    },
    logs: (log) => logToMoto(logsEndpoint, log),
    ...options,
  });
  const sdk: Record<string, string> = {
    AWS_ENDPOINT_URL_BATCH: fake.url,
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: logsEndpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  Object.assign(process.env, sdk);
  const server = await startServer({
    Processing__ProcessesFolder: processes,
    Processing__CloudBatch__Provider: 'aws-batch',
    Processing__CloudBatch__WorkerFolder: workers,
    Processing__CloudBatch__JobQueue: 'cpu',
    Processing__CloudBatch__JobDefinition: 'worker:1',
    Processing__CloudBatch__CompletionQueue: 'null',
    Limits__MaxConcurrentPythonGpu: '100',
    Limits__MaxConcurrentJobs: '100',
    ...settings,
  });
  provider = server.app.get(BatchProvider) as AwsBatchProvider;
  return {
    ...server,
    fake,
    provider,
    close: async () => {
      await server.close();
      await fake.close();
      for (const name of Object.keys(sdk)) delete process.env[name];
      for (const folder of [workers, processes]) rmSync(folder, { recursive: true, force: true });
    },
  };
}
