import type { AttemptRef } from '../../../execution/index.js';
import { nameOf } from '../attempt-name.js';
import { KnownJob } from './known-job.js';

/** Kept for events that come late, and for whoever still asks. */
const FORGET_AFTER_MS = 15 * 60_000;
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** Of the job that goes on without a GPU where one with it got no machine. */
const WITHOUT_GPU = '-cpu';

/** The jobs of attempts by their names. */
export class KnownJobs {
  private readonly jobs = new Map<string, KnownJob>();
  private readonly pattern: RegExp;

  constructor(private readonly baseName: string) {
    this.pattern = new RegExp(`^${baseName}-(${UUID})-(\\d+)(?:${WITHOUT_GPU})?$`);
  }

  nameOf(attempt: AttemptRef): string {
    return nameOf(attempt, this.baseName);
  }

  nameWithoutGpu(attempt: AttemptRef): string {
    return this.nameOf(attempt) + WITHOUT_GPU;
  }

  /** The attempt that a job is of. Undefined for jobs of others. */
  attemptOf(jobName: string): Pick<AttemptRef, 'runId' | 'attempt'> | undefined {
    const [, runId, attempt] = this.pattern.exec(jobName) ?? [];
    return runId === undefined ? undefined : { runId, attempt: Number(attempt) };
  }

  find(attempt: Pick<AttemptRef, 'runId' | 'attempt'>): KnownJob | undefined {
    return this.jobs.get(nameOf(attempt, this.baseName));
  }

  get({ runId, tenant, attempt }: AttemptRef): KnownJob {
    const name = nameOf({ runId, attempt }, this.baseName);
    let known = this.jobs.get(name);
    if (!known) this.jobs.set(name, (known = new KnownJob(name, { runId, tenant, attempt })));
    return known;
  }

  /** Forgets what is over for long, or nobody has asked for: `asked` are all that runs have. */
  prune(asked: Set<KnownJob>): void {
    const before = performance.now() - FORGET_AFTER_MS;
    for (const [name, job] of this.jobs) if (job.heardAt < before && !asked.has(job)) this.jobs.delete(name);
  }
}
