import { Logger } from '@nestjs/common';
import { type ArtifactStore, logKey } from '../../../artifacts/index.js';
import type { AwsBatch } from '../../../aws-batch/index.js';
import type { AttemptRef } from '../../../execution/index.js';

/** The logs of jobs, which CloudWatch keeps. */
export class JobLogs {
  private readonly log = new Logger(JobLogs.name);

  constructor(
    private readonly batch: AwsBatch,
    private readonly artifacts: ArtifactStore,
    private readonly maxBytes: number,
  ) {}

  /**
   * The end of what the last try of a job said, which is kept with its run, too. Empty where it said nothing, where there is no
   * stream, as of a container that never started, and where it cannot be read: that hides no other reason.
   */
  async tail(attempt: AttemptRef, place: { group?: string; stream: string } | undefined): Promise<string> {
    if (!place) return '';
    try {
      const lines = await this.batch.logs(place.stream, { group: place.group });
      if (!lines || lines.length === 0) return '';
      const bytes = Buffer.from(`${lines.join('\n')}\n`).subarray(-this.maxBytes);
      await this.artifacts.put(logKey(attempt), bytes, Infinity);
      return bytes.toString('utf8');
    } catch (error) {
      this.log.warn(
        { runId: attempt.runId },
        `The log of a job could not be read: ${(error as Error).message}`,
      );
      return '';
    }
  }
}
