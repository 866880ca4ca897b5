import type { JobDetail } from '../aws/job-detail.js';

/** Who acts on what AWS Batch tells of its jobs, whichever way it was told. */
export abstract class CompletionSink {
  /**
   * Of one job never two at once (unless the first took over a minute), and never what is before something that was taken already by this process. Another
   * process may have been told of the same. What rejects is told again.
   */
  abstract accept(detail: JobDetail): Promise<void>;
}
