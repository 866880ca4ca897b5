import { Logger } from '@nestjs/common';
import type { AwsBatch, JobRequest, JobSummary } from '../../../aws-batch/index.js';
import { type JobDetail, readJobDetail } from './job-detail.js';
import type { KnownJob } from './known-job.js';
import { findJob } from './submission.js';

/** When a job whose id is not known is looked for by its name, after it was seen first; then it is lost. */
const LOOKS_MS = [1_000, 6_000, 15_000];
/** AWS has so often said that it does not know a job that it had. */
const MISSES = 2;

type Take = (job: KnownJob, detail: JobDetail) => Promise<void>;

/** Asks after jobs of which nothing is heard: an event may be lost, and a server may end between submitting and keeping an id. */
export class SilentJobs {
  private readonly log = new Logger(SilentJobs.name);
  private asking?: Promise<void>;
  private askedAt = -Infinity;

  constructor(
    private readonly batch: AwsBatch,
    private readonly quietMs: number,
    private readonly queuesOf: (job: KnownJob) => string[],
  ) {}

  /** Asks in the background, seldom enough that many are asked after at once. */
  askAfter(jobs: KnownJob[], take: Take): void {
    if (this.asking) return;
    const now = performance.now();
    const open = jobs.filter(({ exit }) => !exit);
    const nameless = open.filter(
      ({ jobId, seenAt, looks }) => jobId === undefined && now - seenAt >= (LOOKS_MS[looks] ?? Infinity),
    );
    const isDue = now - this.askedAt >= this.quietMs;
    const silent = isDue
      ? open.filter(({ jobId, heardAt }) => jobId !== undefined && now - heardAt >= this.quietMs)
      : [];
    if (nameless.length === 0 && silent.length === 0) return;
    if (silent.length > 0) this.askedAt = now;
    this.asking = this.ask(nameless, silent, take)
      .catch((error: Error) => this.log.warn(`Silent jobs could not be asked after: ${error.message}`))
      .finally(() => (this.asking = undefined));
  }

  isLost({ jobId, looks, misses }: KnownJob): boolean {
    return jobId === undefined ? looks >= LOOKS_MS.length : misses >= MISSES;
  }

  /** By its name, in each queue where it may be. */
  async find(job: KnownJob): Promise<JobSummary | undefined> {
    for (const queue of this.queuesOf(job)) {
      const found = await findJob(this.batch, job.jobName, queue);
      if (found) return found;
    }
    return undefined;
  }

  /** A job as it was asked for. Undefined where AWS has forgotten it. */
  async requestOf(jobId: string): Promise<JobRequest | undefined> {
    const [job] = await this.batch.describe([jobId]);
    if (!job) return undefined;
    const { container, retryStrategy, timeout, tags, shareIdentifier } = job;
    const amount = (type: string): number | undefined => {
      const value = container?.resourceRequirements?.find((one) => one.type === type)?.value;
      return value === undefined ? undefined : Number(value);
    };
    return {
      jobName: job.jobName!,
      command: container?.command ?? [],
      envVars: Object.fromEntries((container?.environment ?? []).map(({ name, value }) => [name!, value!])),
      cpus: amount('VCPU'),
      memoryMiB: amount('MEMORY'),
      gpus: amount('GPU'),
      timeoutSeconds: timeout?.attemptDurationSeconds,
      attempts: retryStrategy?.attempts,
      evaluateOnExit: retryStrategy?.evaluateOnExit,
      shareIdentifier: shareIdentifier || undefined,
      tags,
    };
  }

  private async ask(nameless: KnownJob[], silent: KnownJob[], take: Take): Promise<void> {
    for (const job of nameless) {
      const found = await this.find(job);
      job.looks += 1;
      job.jobId ??= found?.jobId;
    }
    const details = await this.batch.describe(silent.map(({ jobId }) => jobId!));
    const byId = new Map(details.map((detail) => [detail.jobId, detail]));
    for (const job of silent) {
      const detail = byId.get(job.jobId);
      job.heardAt = performance.now();
      if (!detail) job.misses += 1;
      else
        await take(job, readJobDetail(detail)).catch((error: Error) =>
          this.log.warn(`What became of ${job.name} could not be recorded: ${error.message}`),
        );
    }
  }
}
