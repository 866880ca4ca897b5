import { resolve } from 'node:path';
import { Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ConfigModule, type HonuaConfig, loadConfig } from '../../../src/config/index.js';
import { ExecutionTiers, HealthParts } from '../../../src/execution/index.js';
import type { JobDetail } from '../../../src/tiers/cloud-batch/aws/job-detail.js';
import {
  CompletionConsumerModule,
  CompletionSink,
} from '../../../src/tiers/cloud-batch/completion-consumer/index.js';
import { type Moto, startMoto } from '../../support/moto.js';
import { INSTALL_LIMIT_MS, python } from '../../support/python-worker.js';

const seen: JobDetail[] = [];

@Module({
  providers: [
    {
      provide: CompletionSink,
      useValue: { accept: async (detail: JobDetail) => void seen.push(detail) } satisfies CompletionSink,
    },
  ],
  exports: [CompletionSink],
})
class SinkModule {}

@Global()
@Module({ providers: [ExecutionTiers, HealthParts], exports: [ExecutionTiers, HealthParts] })
class Execution {}

function start(over: Partial<HonuaConfig['processing']['cloudBatch']>) {
  const config = loadConfig(resolve(import.meta.dirname, '../../../config'), {});
  Object.assign(config.processing.cloudBatch, over);
  @Module({
    imports: [ConfigModule.with(config), Execution, CompletionConsumerModule.with([SinkModule])],
  })
  class App {}
  return NestFactory.createApplicationContext(App, { logger: false });
}

describe.skipIf(!python)('the module that hears of completions', () => {
  let moto: Moto;
  beforeAll(async () => {
    moto = await startMoto();
    for (const [name, value] of Object.entries(moto.environment)) vi.stubEnv(name, value);
  }, INSTALL_LIMIT_MS);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await moto.stop();
  });

  it('brings what Batch tells to whoever acts on it, says how it is, and ends with its application', async () => {
    const queue = await moto.makeQueue('heard');
    await moto.makeBatchRule('rule', queue);
    const app = await start({ provider: 'aws-batch', completionQueue: 'heard' });
    await moto.putBatchEvents([
      { jobId: 'a', jobName: 'honua-a-1', jobQueue: 'arn', status: 'SUCCEEDED', attempts: [] },
    ]);
    await expect.poll(() => seen, { timeout: 10_000 }).toMatchObject([{ jobName: 'honua-a-1' }]);
    const [check] = app.get(HealthParts).all();
    expect(check!()['batch-completions']).toMatchObject({ status: 'up' });
    await app.close();
    await moto.putBatchEvents([
      { jobId: 'b', jobName: 'honua-b-1', jobQueue: 'arn', status: 'SUCCEEDED', attempts: [] },
    ]);
    // Whoever hung up may still be given it, here as on AWS: then it comes back later.
    const { waiting, taken } = await queue.count();
    expect([seen.length, waiting + taken]).toEqual([1, 1]);
  });

  it.each([{ completionQueue: null, provider: 'aws-batch' }, { provider: 'local' }])(
    'hears nothing with %j',
    async (over) => {
      const app = await start(over);
      expect(app.get(HealthParts).all()).toEqual([]);
      await app.close();
    },
  );
});
