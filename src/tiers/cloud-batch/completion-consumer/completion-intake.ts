import { Logger } from '@nestjs/common';
import { compareProgress, type JobDetail, readBatchEvent } from '../aws/job-detail.js';
import type { CompletionSink } from './completion-sink.js';
import { JobProgress } from './job-progress.js';

const REMEMBERED_JOBS = 20_000;
/** Longer than any statement may take; a sink that hangs must not end the hearing of all others. */
const ACCEPT_LIMIT_MS = 60_000;

/** Of all that came to this process, since it began. */
export interface IntakeCounts {
  accepted: number;
  /** Nothing new in them. */
  repeated: number;
  /** Events of other kinds. */
  ignored: number;
  malformed: number;
  /** The sink did not take them, this time. */
  failed: number;
}

/** What AWS Batch told, brought to the sink: in the order in which it happened, and once where it was told several times. */
export class CompletionIntake {
  readonly counts: IntakeCounts = { accepted: 0, repeated: 0, ignored: 0, malformed: 0, failed: 0 };
  private readonly log = new Logger(CompletionIntake.name);
  private readonly progress = new JobProgress(REMEMBERED_JOBS);
  private readonly atWork = new Map<string, Promise<void>>();

  constructor(
    private readonly sink: CompletionSink,
    private readonly acceptLimitMs = ACCEPT_LIMIT_MS,
  ) {}

  /** Undefined for an event of another kind, which is done with. Throws Error for what is no event, which is counted. */
  read(text: string): JobDetail | undefined {
    try {
      const { type, detail } = readBatchEvent(text);
      if (detail) return detail;
      this.counts.ignored++;
      this.log.log(`An event was left alone: ${JSON.stringify(type.slice(0, 200))}`);
      return undefined;
    } catch (error) {
      this.counts.malformed++;
      throw error;
    }
  }

  /** Answers those that are done with. Jobs are told side by side, each in its order. */
  async take(details: JobDetail[]): Promise<Set<JobDetail>> {
    const done = new Set<JobDetail>();
    const jobs = Map.groupBy(details, ({ jobId }) => jobId);
    await Promise.all(
      [...jobs].map(([jobId, told]) =>
        this.inTurn(jobId, async () => {
          for (const detail of told.sort(compareProgress)) if (await this.tell(detail)) done.add(detail);
        }),
      ),
    );
    return done;
  }

  private async tell(detail: JobDetail): Promise<boolean> {
    if (this.progress.isPast(detail)) {
      this.counts.repeated++;
      return true;
    }
    try {
      await withinTime(this.sink.accept(detail), this.acceptLimitMs);
    } catch (error) {
      this.counts.failed++;
      const { jobId, status } = detail;
      this.log.warn({ err: error, jobId, status }, 'What was told of a job was not taken');
      return false;
    }
    this.counts.accepted++;
    this.progress.reached(detail);
    return true;
  }

  /** One after the other for the same job, whoever brings it. */
  private async inTurn(jobId: string, work: () => Promise<void>): Promise<void> {
    const before = this.atWork.get(jobId) ?? Promise.resolve();
    const own = before.then(work);
    this.atWork.set(jobId, own);
    await own;
    if (this.atWork.get(jobId) === own) this.atWork.delete(jobId);
  }
}

async function withinTime(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not taken in ${ms} ms`)), ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
