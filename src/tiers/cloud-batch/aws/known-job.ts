import type { AttemptRef } from '../../../execution/index.js';
import type { JobExit } from '../batch-provider.js';
import { compareProgress, type JobDetail } from './job-detail.js';

/** What this process knows of the job of an attempt. Times are of `performance.now()`. */
export class KnownJob {
  jobId?: string;
  /** The name it has there now: another one once it goes on without a GPU. */
  jobName: string;
  /** How far it was when last heard of. */
  progress?: Pick<JobDetail, 'status'> & { attempts: { length: number } };
  /** When anything was heard of it, or it was seen first. */
  heardAt = performance.now();
  readonly seenAt = performance.now();
  /** How often AWS was asked for its id, and did not know it. */
  looks = 0;
  /** How often AWS was asked after it since it was heard of, and did not know it. */
  misses = 0;
  /** Once it is over. */
  exit?: JobExit;
  log?: { group?: string; stream: string };
  /** When its progress was read. */
  newsAt = -Infinity;
  /** It is being ended, and its run with it: whoever does that records it. */
  isStopping = false;
  private readonly waiting = new Set<() => void>();

  constructor(
    readonly name: string,
    readonly ref: AttemptRef,
  ) {
    this.jobName = name;
  }

  /** It goes on as another job, of which nothing was heard yet. */
  becomes(jobName: string, jobId?: string): void {
    this.jobName = jobName;
    this.jobId = jobId;
    this.progress = undefined;
    this.heardAt = performance.now();
  }

  /** Whether this is news: nothing is before what is known already. */
  hear(detail: JobDetail): boolean {
    if (this.exit || (this.progress && compareProgress(detail, this.progress) < 0)) return false;
    this.progress = { status: detail.status, attempts: { length: detail.attempts.length } };
    this.jobId = detail.jobId;
    this.heardAt = performance.now();
    this.misses = 0;
    const container = { ...detail.container, ...detail.attempts.at(-1)?.container };
    if (container.logStreamName !== undefined)
      this.log = { stream: container.logStreamName, group: detail.container?.logGroup };
    return true;
  }

  end(exit: JobExit): void {
    this.exit = exit;
    for (const awake of this.waiting) awake();
  }

  /** Resolves when it is over, at the latest after so long, or when the signal comes. */
  over(ms: number, signal: AbortSignal): Promise<void> {
    if (this.exit || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done);
      this.waiting.add(done);
    });
  }
}
