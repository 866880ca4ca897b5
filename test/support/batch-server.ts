import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { BatchProvider } from '../../src/tiers/cloud-batch/batch-provider.js';
import type { AwsBatchProvider } from '../../src/tiers/cloud-batch/aws/aws-batch-provider.js';
import { readJobDetail } from '../../src/tiers/cloud-batch/aws/job-detail.js';
import { startServer, type TestServer } from './app.js';
import { FakeBatch, type FakeBatchOptions } from './fake-batch/fake-batch.js';
import { makeWorkerEnvironment, ODD_PROCESS } from './worker-environment.js';

const root = resolve(import.meta.dirname, '../..');
/** What the SDK reads from the environment of the process. */
const SDK = [
  'AWS_ENDPOINT_URL_BATCH',
  'AWS_ENDPOINT_URL_CLOUDWATCH_LOGS',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
];

export interface BatchServer extends TestServer {
  fake: FakeBatch;
  provider: AwsBatchProvider;
}

/**
 * A server whose workers are jobs of a fake AWS Batch: the one that does odd things (`odd`), as a program. Events are told to the
 * provider as they come, of one job one after another.
 */
export async function startBatchServer(
  settings: Record<string, string> = {},
  options: FakeBatchOptions = {},
): Promise<BatchServer> {
  const workers = makeWorkerEnvironment();
  const processes = mkdtempSync(join(tmpdir(), 'honua-processes-'));
  cpSync(join(root, 'processes'), processes, { recursive: true });
  writeFileSync(join(processes, 'odd.yaml'), ODD_PROCESS);
  let provider: AwsBatchProvider | undefined;
  const turns = new Map<string, Promise<void>>();
  const fake = await FakeBatch.start({
    queues: { cpu: { hasPolicy: true }, gpu: { hasPolicy: true } },
    definitions: {
      'worker:1': { logGroup: '/aws/batch/worker' },
      'gpu:1': { logGroup: '/aws/batch/worker' },
    },
    entryPoint: ['honua-worker'],
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
    ...options,
  });
  for (const name of SDK) process.env[name] = name.startsWith('AWS_ENDPOINT') ? fake.url : 'test';
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
      for (const name of SDK) delete process.env[name];
      for (const folder of [workers, processes]) rmSync(folder, { recursive: true, force: true });
    },
  };
}
