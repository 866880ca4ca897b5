/**
 * Wakes whoever waits for a run to move, whichever replica moved it: told in process at once, told by NOTIFY from
 * elsewhere, and backed by a slow poll. A signal carries no truth: read the row after it.
 */
export abstract class RunSignals {
  /** Resolves at the run's next signal, or after `timeoutMs`, or when `signal` aborts; never rejects. */
  abstract next(runId: string, timeoutMs: number, signal?: AbortSignal): Promise<void>;
}
