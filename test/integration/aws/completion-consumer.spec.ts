import { setTimeout as sleep } from 'node:timers/promises';
import { ReceiveMessageCommand, SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { HealthIndicatorService } from '@nestjs/terminus';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { JobDetail, JobState } from '../../../src/tiers/cloud-batch/aws/job-detail.js';
import {
  BatchCompletionsIndicator,
  CompletionIntake,
  CompletionSink,
} from '../../../src/tiers/cloud-batch/completion-consumer/index.js';
import { CompletionQueue } from '../../../src/tiers/cloud-batch/completion-consumer/completion-queue.js';
import { type Moto, type Queue, REGION, startMoto } from '../../support/moto.js';
import { INSTALL_LIMIT_MS, python } from '../../support/python-worker.js';

const JOBS = 'arn:aws:batch:us-east-1:123456789012:job-queue/honua-geoprocessing-queue';
const told = (jobId: string, status: JobState, attempts = 1): object => ({
  jobId,
  jobName: `honua-${jobId}-1`,
  jobQueue: JOBS,
  status,
  attempts: Array.from({ length: attempts }, () => ({ container: { exitCode: 0 } })),
  container: { exitCode: 0, environment: [{ name: 'JOB_ID', value: jobId }] },
});

const eventOf = (detail: object): string =>
  JSON.stringify({ source: 'aws.batch', 'detail-type': 'Batch Job State Change', detail });

class Sink extends CompletionSink {
  readonly seen: string[] = [];
  answer: (detail: JobDetail) => Promise<void> = async () => {};
  async accept(detail: JobDetail): Promise<void> {
    await this.answer(detail);
    this.seen.push(`${detail.jobId} ${detail.status}`);
  }
}

const until: typeof expect.poll = (seen, options) => expect.poll(seen, { timeout: 15_000, ...options });

// Without Python 3.11 or later there is nothing that stands in for AWS.
describe.skipIf(!python)('completions by a queue', () => {
  let moto: Moto;
  let made = 0;
  const listening: CompletionQueue[] = [];
  beforeAll(async () => {
    moto = await startMoto();
    for (const [name, value] of Object.entries(moto.environment)) vi.stubEnv(name, value);
  }, INSTALL_LIMIT_MS);
  afterEach(async () => {
    for (const one of listening.splice(0)) await one.stop(5_000);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await moto.stop();
  });

  async function listen(visibilitySeconds = 1): Promise<{
    queue: Queue & { dead?: Queue };
    sink: Sink;
    intake: CompletionIntake;
    hears: CompletionQueue;
  }> {
    const name = `honua-batch-completion-${++made}`;
    const queue = await moto.makeQueue(name, { maxReceives: 3 });
    await moto.makeBatchRule(`rule-${made}`, queue, `${JOBS}-${made}`);
    const sink = new Sink();
    const intake = new CompletionIntake(sink);
    const hears = new CompletionQueue(
      { queue: name, region: REGION, visibilitySeconds, waitSeconds: 1 },
      intake,
    );
    listening.push(hears);
    hears.start();
    return { queue, sink, intake, hears };
  }
  const publish = (...details: object[]): Promise<void> =>
    moto.putBatchEvents(details.map((detail) => ({ ...detail, jobQueue: `${JOBS}-${made}` })));
  const send = (queue: Queue, body: string): Promise<unknown> =>
    moto.sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: body }));
  const sendAll = async (queue: Queue, told: { event: object }[]): Promise<void> => {
    for (let at = 0; at < told.length; at += 10) {
      const Entries = told
        .slice(at, at + 10)
        .map(({ event }, index) => ({ Id: String(index), MessageBody: eventOf(event) }));
      await moto.sqs.send(new SendMessageBatchCommand({ QueueUrl: queue.url, Entries }));
    }
  };
  const empty = { waiting: 0, taken: 0 };

  it('come from the rule to the sink, and are deleted', async () => {
    const { queue, sink } = await listen();
    await publish(
      told('a', 'RUNNABLE', 0),
      told('a', 'RUNNING', 0),
      told('b', 'FAILED'),
      told('a', 'SUCCEEDED'),
    );
    await until(() => sink.seen.filter((line) => line.startsWith('a'))).toContain('a SUCCEEDED');
    await until(() => sink.seen).toContain('b FAILED');
    await until(() => queue.count()).toEqual(empty);
  });

  it('stay where they are not taken, and only they; then they come again', async () => {
    const { queue, sink } = await listen();
    let refused = 0;
    sink.answer = async ({ jobId }) => {
      if (jobId === 'b' && refused++ === 0) throw new Error('not now');
    };
    await publish(told('a', 'SUCCEEDED'), told('b', 'SUCCEEDED'), told('c', 'SUCCEEDED'));
    await until(() => sink.seen.length).toBe(2);
    await until(() => queue.count()).toEqual({ waiting: 0, taken: 1 });
    await until(() => sink.seen).toContain('b SUCCEEDED');
    await until(() => queue.count()).toEqual(empty);
    expect(sink.seen.toSorted()).toEqual(['a SUCCEEDED', 'b SUCCEEDED', 'c SUCCEEDED']);
  });

  it('end in the dead-letter queue where they are poison, and others pass', async () => {
    const { queue, sink, intake } = await listen();
    await send(queue, '{"no": "event"}');
    await send(queue, 'nor this');
    await publish(told('a', 'SUCCEEDED'));
    await until(() => sink.seen).toEqual(['a SUCCEEDED']);
    await until(() => queue.dead!.count(), { interval: 100 }).toEqual({ waiting: 2, taken: 0 });
    expect(await queue.count()).toEqual(empty);
    expect(intake.counts.malformed).toBe(6);
  });

  it('that were received are finished and deleted at a stop, which takes no more', async () => {
    const { queue, sink, hears } = await listen(30);
    const entered = Promise.withResolvers<void>();
    const leave = Promise.withResolvers<void>();
    sink.answer = () => {
      entered.resolve();
      return leave.promise;
    };
    await publish(told('a', 'SUCCEEDED'));
    await entered.promise;
    const stopped = hears.stop(5_000);
    await publish(told('b', 'SUCCEEDED'));
    expect(await Promise.race([stopped, sleep(100, 'still at it')])).toBe('still at it');
    leave.resolve();
    await stopped;
    expect(sink.seen).toEqual(['a SUCCEEDED']);
    expect(await queue.count()).toEqual({ waiting: 1, taken: 0 });
  });

  it('are hidden from others for as long as they are worked on', async () => {
    const { queue, sink } = await listen(1);
    sink.answer = () => sleep(2_500);
    await publish(told('a', 'SUCCEEDED'));
    await until(() => queue.count()).toEqual({ waiting: 0, taken: 1 });
    const end = Date.now() + 2_000;
    while (Date.now() < end) {
      const command = new ReceiveMessageCommand({ QueueUrl: queue.url, VisibilityTimeout: 0 });
      expect((await moto.sqs.send(command)).Messages ?? []).toEqual([]);
      await sleep(50);
    }
    await until(() => queue.count()).toEqual(empty);
    expect(sink.seen).toEqual(['a SUCCEEDED']);
  });

  it('stop at once where nothing is at work', async () => {
    const { hears } = await listen();
    await until(() => hears.lastReceive).toBeDefined();
    const before = Date.now();
    await hears.stop(5_000);
    expect(Date.now() - before).toBeLessThan(500);
  });

  it('are waited for where the queue is not there yet', async () => {
    const sink = new Sink();
    const settings = { queue: 'to-come', region: REGION, visibilitySeconds: 1, waitSeconds: 1 };
    const hears = new CompletionQueue(settings, new CompletionIntake(sink));
    listening.push(hears);
    hears.start();
    await sleep(300);
    expect(hears.lastReceive).toBeUndefined();
    const queue = await moto.makeQueue('to-come');
    await send(
      queue,
      JSON.stringify({
        source: 'aws.batch',
        'detail-type': 'Batch Job State Change',
        detail: told('z', 'FAILED'),
      }),
    );
    await until(() => sink.seen).toEqual(['z FAILED']);
  });

  it('are healthy by the age of the last answer of SQS, whatever a consumer says of itself', async () => {
    const { hears } = await listen();
    const indicator = new BatchCompletionsIndicator(new HealthIndicatorService());
    indicator.watch(hears);
    await until(() => hears.lastReceive).toBeDefined();
    expect(indicator.check()['batch-completions']).toEqual({ status: 'up', secondsSinceReceive: 0 });
    const silent = new BatchCompletionsIndicator(new HealthIndicatorService());
    silent.watch({ lastReceive: Date.now() - 61_000 });
    expect(silent.check()['batch-completions']).toMatchObject({
      status: 'degraded',
      secondsSinceReceive: 61,
    });
  });

  it('are told once each and in order where they came shuffled and several times', async () => {
    const { queue, sink, intake } = await listen(30);
    const jobs = Array.from({ length: 30 }, (_, index) => `job-${index}`);
    const events = jobs.flatMap((job) =>
      (['RUNNABLE', 'RUNNING', 'SUCCEEDED', 'SUCCEEDED'] as const).map((status) => told(job, status)),
    );
    await sendAll(
      queue,
      events
        .map((event, index) => ({ event, at: (index * 7919) % events.length }))
        .sort((a, b) => a.at - b.at),
    );
    await until(() => queue.count(), { interval: 100 }).toEqual(empty);
    for (const job of jobs) {
      const seen = sink.seen.filter((line) => line.startsWith(`${job} `)).map((line) => line.split(' ')[1]);
      expect(seen.filter((status) => status === 'SUCCEEDED')).toHaveLength(1);
      expect(seen.at(-1)).toBe('SUCCEEDED');
      expect(seen).toEqual(['RUNNABLE', 'RUNNING', 'SUCCEEDED'].filter((status) => seen.includes(status)));
    }
    expect(intake.counts).toMatchObject({ failed: 0, malformed: 0 });
    expect(intake.counts.accepted + intake.counts.repeated).toBe(events.length);
  });
});
