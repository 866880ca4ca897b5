import { Logger } from '@nestjs/common';
import { type AwsBatch, BatchError } from '../../../aws-batch/index.js';
import type { HonuaConfig } from '../../../config/index.js';
import type { AttemptRef, SubmittedAttempt, TierCapacity, TierHealth } from '../../../execution/index.js';
import { type BatchJob, BatchProvider, type JobExit, type JobStanding } from '../batch-provider.js';
import { exitOf, gotNoMachine, OUR_REASON, wasStoppedByUs } from './job-exit.js';
import { isTerminal, type JobDetail, readJobDetail } from './job-detail.js';
import type { JobLogs } from './job-logs.js';
import { planJob, TENANT_TAG, withoutGpu } from './job-plan.js';
import type { KnownJob } from './known-job.js';
import { KnownJobs } from './known-jobs.js';
import { SilentJobs } from './silent-jobs.js';
import { findJob, submitOnce } from './submission.js';

/** Submissions of this server under way at once; what waits after that, waits in the queue of AWS. */
const SUBMISSIONS = 64;
const NEWS_EVERY_MS = 15_000;
/** Whoever ends a job waits so long for the event of its end before asking. */
const END_HEARD_MS = 15_000;
/** An event may be here before the look that finds its run. */
const REF_WAIT_MS = 1_500;

/**
 * Workers as jobs of AWS Batch, which tells of them by events: nothing is asked for while it does. Jobs outlive this server; it
 * ends none when it is shut down, and finds them again by the names of their attempts.
 */
export class AwsBatchProvider extends BatchProvider {
  private readonly log = new Logger(AwsBatchProvider.name);
  private readonly known: KnownJobs;
  private readonly silent: SilentJobs;
  private readonly closing = new AbortController();
  private readonly processing: HonuaConfig['processing'];
  private readonly settings: HonuaConfig['processing']['cloudBatch'];
  private submitting = new Map<KnownJob, Promise<unknown>>();
  private fault: BatchError | undefined;
  private listener: (attempt: AttemptRef, exit: JobExit) => Promise<void> = async () => {};

  constructor(
    { processing }: HonuaConfig,
    private readonly batch: AwsBatch,
    private readonly logs: JobLogs,
  ) {
    super();
    this.processing = processing;
    this.settings = processing.cloudBatch;
    this.known = new KnownJobs(this.settings.jobBaseName);
    this.silent = new SilentJobs(batch, this.settings.askAfter, (job) => this.queueOf(job));
  }

  unready(): undefined {
    return undefined;
  }

  nameOf(attempt: AttemptRef): string {
    return this.known.nameOf(attempt);
  }

  async submit(job: BatchJob): Promise<string> {
    const known = this.known.get(job);
    if (known.jobId !== undefined) return known.jobId;
    const submitting = this.watched(
      submitOnce(this.batch, planJob(job, known.name, this.processing), known, this.closing.signal),
    );
    this.submitting.set(known, submitting);
    try {
      const jobId = await submitting;
      if (jobId === undefined) {
        this.log.warn(`Whether AWS Batch has taken ${known.name} is not known: it is looked for`);
        return known.name;
      }
      known.jobId ??= jobId;
      return jobId;
    } finally {
      this.submitting.delete(known);
    }
  }

  async stop(attempt: AttemptRef): Promise<void> {
    const known = this.known.get(attempt);
    known.isStopping = true;
    await this.submitting.get(known)?.catch(() => {});
    const { signal } = this.closing;
    const isLost = this.silent.isLost(known);
    const jobId = known.jobId ?? (await this.find(known));
    // Should it turn up after all, the event of that ends it.
    if (jobId === undefined) return;
    while (!known.exit) {
      signal.throwIfAborted();
      await this.batch.terminate(jobId, OUR_REASON);
      if (isLost) return; // nothing will be heard of it
      await known.over(END_HEARD_MS, signal);
      if (known.exit || signal.aborted) continue;
      const [detail] = await this.batch.describe([jobId]);
      if (!detail) return; // forgotten, and so over
      await this.take(known, readJobDetail(detail));
    }
  }

  async standings(attempts: SubmittedAttempt[]): Promise<JobStanding[]> {
    const jobs = attempts.map((attempt) => {
      const job = this.known.get(attempt);
      if (attempt.handle !== job.name) job.jobId ??= attempt.handle;
      return job;
    });
    this.silent.askAfter(
      jobs.filter((job) => !job.isStopping && !this.submitting.has(job)),
      (job, detail) => this.take(job, detail),
    );
    this.known.prune(new Set(jobs));
    return jobs.map((job, at) => this.standing(job, attempts[at]!.handle));
  }

  /**
   * What AWS tells of a job, whichever way; late, twice and in any order. Rejects where it could not be acted on, so that it
   * is told again.
   */
  async accept(detail: JobDetail): Promise<void> {
    const about = this.known.attemptOf(detail.jobName);
    if (!about || detail.jobId.includes(':')) return; // of others
    const tenant = detail.tags?.[TENANT_TAG];
    const known =
      this.known.find(about) ??
      (tenant === undefined ? await this.comes(about) : this.known.get({ ...about, tenant }));
    if (known) return this.take(known, detail);
    if (isTerminal(detail)) throw new Error(`Whose job ${detail.jobName} is, is not known yet.`);
  }

  logTail(attempt: AttemptRef): Promise<string> {
    return this.settings.enableCloudWatchLogs
      ? this.logs.tail(attempt, this.known.find(attempt)?.log)
      : Promise.resolve('');
  }

  onEnded(listener: (attempt: AttemptRef, exit: JobExit) => Promise<void>): void {
    this.listener = listener;
  }

  capacity(): TierCapacity {
    return { slots: SUBMISSIONS, free: Math.max(0, SUBMISSIONS - this.submitting.size) };
  }

  async health(): Promise<TierHealth> {
    return this.fault ? { healthy: false, detail: this.fault.message } : { healthy: true };
  }

  /** Jobs go on. */
  onModuleDestroy(): void {
    this.closing.abort();
  }

  private standing(job: KnownJob, handle: string): JobStanding {
    // What another server has stopped, that server records: why, it alone knows.
    if (job.exit && (job.isStopping || job.exit.stopped !== 'cancelled'))
      return { kind: 'ended', exit: job.exit };
    if (this.silent.isLost(job)) return { kind: 'unknown' };
    const now = performance.now();
    const hasNews = (job.progress?.status ?? 'RUNNING') === 'RUNNING' && now - job.newsAt >= NEWS_EVERY_MS;
    if (hasNews) job.newsAt = now;
    if (job.jobId === undefined || job.jobId === handle) return { kind: 'running', hasNews };
    return { kind: 'running', hasNews, handle: job.jobId };
  }

  private async take(known: KnownJob, detail: JobDetail): Promise<void> {
    if (!(await this.isOurs(known, detail)) || !known.hear(detail)) return;
    if (!isTerminal(detail)) {
      // Whoever wanted it stopped did not find it yet.
      if (known.isStopping) await this.batch.terminate(detail.jobId, OUR_REASON);
      return;
    }
    if (!known.isStopping && (await this.fellOver(known, detail))) return;
    const exit = exitOf(detail);
    // Whoever stops a job says why, and records it: there may be another reason than that somebody cancelled it.
    if (!known.isStopping && !wasStoppedByUs(detail)) await this.listener(known.ref, exit);
    known.end(exit);
  }

  /** One job is of an attempt. Of a second one by the same name, which AWS may list too late, nothing counts. */
  private async isOurs(known: KnownJob, { jobId, jobName, status }: JobDetail): Promise<boolean> {
    if (known.jobName === this.known.nameWithoutGpu(known.ref) && jobName !== known.jobName) return false;
    if (jobName !== known.jobName) known.becomes(jobName, jobId);
    if (known.jobId === undefined || known.jobId === jobId) return true;
    this.log.warn(`There is a second job ${jobName} (${jobId}): it is ended`);
    if (status !== 'SUCCEEDED' && status !== 'FAILED')
      await this.batch.terminate(jobId, 'A job of this name runs already');
    return false;
  }

  /** Whether it goes on without the GPU that there was none of. */
  private async fellOver(known: KnownJob, detail: JobDetail): Promise<boolean> {
    const name = this.known.nameWithoutGpu(known.ref);
    const { gpuJobQueue, gpuFallsOverToCpu } = this.settings;
    if (!gpuFallsOverToCpu || gpuJobQueue === null || detail.jobName === name) return false;
    if (!gotNoMachine(detail) || !detail.jobQueue.endsWith(`/${gpuJobQueue.split('/').at(-1)}`)) return false;
    const request = await this.silent.requestOf(detail.jobId);
    if (!request) return false;
    this.log.warn(`${known.name} got no GPU (${detail.statusReason}): it goes on without one`);
    const jobId =
      (await findJob(this.batch, name, this.settings.jobQueue))?.jobId ??
      (await submitOnce(this.batch, withoutGpu(request, name, this.settings), known, this.closing.signal));
    if (known.jobName !== name) known.becomes(name, jobId);
    return true;
  }

  private async find(known: KnownJob): Promise<string | undefined> {
    const found = await this.silent.find(known);
    return (known.jobId ??= found?.jobId);
  }

  private queueOf(job: KnownJob): string[] {
    const { jobQueue, gpuJobQueue } = this.settings;
    if (job.jobName !== job.name) return [jobQueue];
    return gpuJobQueue === null ? [jobQueue] : [jobQueue, gpuJobQueue];
  }

  private async comes(about: Pick<AttemptRef, 'runId' | 'attempt'>): Promise<KnownJob | undefined> {
    const until = performance.now() + REF_WAIT_MS;
    while (performance.now() < until && !this.closing.signal.aborted) {
      const known = this.known.find(about);
      if (known) return known;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return undefined;
  }

  /** Keeps whether AWS lets us. */
  private async watched<T>(call: Promise<T>): Promise<T> {
    try {
      const answer = await call;
      this.fault = undefined;
      return answer;
    } catch (error) {
      if (error instanceof BatchError && error.fault === 'denied') this.fault = error;
      throw error;
    }
  }
}
