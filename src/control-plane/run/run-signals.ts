import type { ProcessRun } from './process-run.entity.js';

/**
 * Wakes whoever waits for a run to move, whichever replica moved it: told in process at once, told by NOTIFY from
 * elsewhere, and backed by a slow poll. A signal without a run carries no truth, and one that nobody waits for is gone: ask for the
 * next signal first, then read the row, then await the signal.
 */
export abstract class RunSignals {
  /**
   * Resolves at the run's next signal, or after `timeoutMs`, or when `signal` aborts; never rejects. It may resolve
   * early without cause. It gives the run as it was committed, where this process did that.
   */
  abstract next(runId: string, timeoutMs: number, signal?: AbortSignal): Promise<ProcessRun | undefined>;
}
