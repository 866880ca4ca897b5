import { compareProgress, type JobDetail, type JobState } from '../aws/job-detail.js';

/** How far each job has come that was heard of, of the last `most` jobs. */
export class JobProgress {
  private readonly known = new Map<string, { status: JobState; attempts: { length: number } }>();

  constructor(private readonly most: number) {}

  /** Whether nothing is new in it: it was told before, or something after it was. */
  isPast(detail: JobDetail): boolean {
    const last = this.known.get(detail.jobId);
    return last !== undefined && compareProgress(detail, last) <= 0;
  }

  reached({ jobId, status, attempts }: JobDetail): void {
    this.known.delete(jobId); // a Map keeps the order of insertion: what was heard of least recently is first
    this.known.set(jobId, { status, attempts: { length: attempts.length } });
    for (const [oldest] of this.known) {
      if (this.known.size <= this.most) break;
      this.known.delete(oldest);
    }
  }
}
