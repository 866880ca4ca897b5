import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsBatch, JobRequest, JobSummary } from '../../../aws-batch/index.js';
import { BatchError } from '../../../aws-batch/index.js';
import type { KnownJob } from './known-job.js';

/** What was submitted is not listed at once: it is looked for so long after an answer that left it open. */
const LOOKS_MS = [300, 1_500, 4_000];
/** Then it is submitted again, so often. */
const MOST_ROUNDS = 3;

/**
 * Submits a job so that there is one: where AWS leaves it open whether it was taken, it is looked for by its name first.
 * Undefined where that cannot be found out. Throws BatchError where there certainly is none.
 */
export async function submitOnce(
  batch: AwsBatch,
  request: JobRequest,
  known: KnownJob,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    try {
      return (await batch.submit(request)).jobId;
    } catch (error) {
      if (!(error instanceof BatchError) || !error.isAmbiguous) throw error;
    }
    let isAbsent = false;
    for (const ms of LOOKS_MS) {
      await sleep(ms, undefined, { signal }).catch(() => {});
      // Its first event may be here before any list has it.
      if (known.jobId !== undefined) return known.jobId;
      if (signal.aborted) return undefined;
      try {
        const found = await findJob(batch, request.jobName, request.jobQueue);
        if (found) return found.jobId;
        isAbsent = true;
      } catch {
        isAbsent = false; // not to be told that it is there does not mean that it is not
      }
    }
    if (!isAbsent) return undefined;
  }
  return undefined;
}

/** The first of that name, if there were several. */
export async function findJob(
  batch: AwsBatch,
  jobName: string,
  jobQueue?: string,
): Promise<JobSummary | undefined> {
  const found = await batch.listNamed(jobName, jobQueue);
  return found.toSorted((a, b) => (a.createdAt ?? 0) - (b.createdAt ?? 0))[0];
}
