import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { JobDetail, JobState } from '../aws/job-detail.js';
import { CompletionIntake } from './completion-intake.js';
import { CompletionSink } from './completion-sink.js';
import { JobProgress } from './job-progress.js';

const told = (jobId: string, attempts: number, status: JobState): JobDetail => ({
  jobId,
  jobName: `honua-${jobId}`,
  jobQueue: 'arn:aws:batch:us-east-1:123456789012:job-queue/q',
  status,
  attempts: Array.from({ length: attempts }, () => ({})),
});

class Collector extends CompletionSink {
  readonly seen: string[] = [];
  atOnce = new Map<string, number>();
  most = 0;
  constructor(private readonly answer: (detail: JobDetail) => Promise<void> = async () => {}) {
    super();
  }
  async accept(detail: JobDetail): Promise<void> {
    const { jobId, attempts, status } = detail;
    const now = (this.atOnce.get(jobId) ?? 0) + 1;
    this.atOnce.set(jobId, now);
    this.most = Math.max(this.most, now);
    try {
      await this.answer(detail);
      this.seen.push(`${jobId} ${attempts.length} ${status}`);
    } finally {
      this.atOnce.set(jobId, now - 1);
    }
  }
}

describe('the intake of completions', () => {
  it('tells what happened to a job in its order, however it came', async () => {
    const sink = new Collector(() => sleep(2));
    const batch = [
      told('a', 1, 'SUCCEEDED'),
      told('a', 0, 'RUNNING'),
      told('a', 1, 'RUNNABLE'),
      told('a', 0, 'RUNNABLE'),
    ];
    expect((await new CompletionIntake(sink).take(batch)).size).toBe(4);
    expect(sink.seen).toEqual(['a 0 RUNNABLE', 'a 0 RUNNING', 'a 1 RUNNABLE', 'a 1 SUCCEEDED']);
  });

  it('is done with what comes late or again, without troubling anybody', async () => {
    const sink = new Collector();
    const intake = new CompletionIntake(sink);
    await intake.take([told('a', 1, 'FAILED')]);
    const late = [told('a', 1, 'FAILED'), told('a', 0, 'RUNNING'), told('a', 2, 'RUNNING')];
    expect(await intake.take(late)).toEqual(new Set(late));
    expect(sink.seen).toEqual(['a 1 FAILED']);
    expect(intake.counts).toMatchObject({ accepted: 1, repeated: 3 });
  });

  it('is not done with what was not taken, and tells it again; other jobs do not wait for it', async () => {
    let refuses = true;
    const sink = new Collector(async ({ jobId }) => {
      if (refuses && jobId === 'a') throw new Error('no database');
    });
    const intake = new CompletionIntake(sink);
    const [a, b] = [told('a', 1, 'FAILED'), told('b', 1, 'FAILED')];
    expect(await intake.take([a, b])).toEqual(new Set([b]));
    refuses = false;
    expect(await intake.take([a, b])).toEqual(new Set([a, b]));
    expect(sink.seen).toEqual(['b 1 FAILED', 'a 1 FAILED']);
  });

  it('gives up waiting for one that hangs', async () => {
    const intake = new CompletionIntake(new Collector(() => new Promise(() => {})), 20);
    expect((await intake.take([told('a', 1, 'FAILED')])).size).toBe(0);
    expect(intake.counts.failed).toBe(1);
  });

  it('never tells two things of one job at once, whoever brings them', async () => {
    const sink = new Collector(() => sleep(5));
    const intake = new CompletionIntake(sink);
    await Promise.all([
      intake.take([told('a', 0, 'RUNNING')]),
      intake.take([told('a', 0, 'RUNNABLE'), told('a', 1, 'SUCCEEDED')]),
    ]);
    expect(sink.most).toBe(1);
    expect(sink.seen).toEqual(['a 0 RUNNING', 'a 1 SUCCEEDED']);
  });

  it('counts what is no event, and leaves other events alone', () => {
    const intake = new CompletionIntake(new Collector());
    expect(() => intake.read('{')).toThrow();
    const blocked = { source: 'aws.batch', 'detail-type': 'Batch Job Queue Blocked', detail: {} };
    expect(intake.read(JSON.stringify(blocked))).toBeUndefined();
    expect(intake.counts).toMatchObject({ malformed: 1, ignored: 1 });
  });

  it('forgets the job that it has not heard of for longest', () => {
    const progress = new JobProgress(2);
    for (const job of ['a', 'b', 'a', 'c']) progress.reached(told(job, 1, 'FAILED'));
    expect(['a', 'b', 'c'].map((job) => progress.isPast(told(job, 1, 'FAILED')))).toEqual([
      true,
      false,
      true,
    ]);
  });
});
