import type { AttemptRef, TierCapacity, TierHealth } from '../../execution/index.js';

/** One attempt as a program to run: what it reads and writes it finds by the URIs of its environment. */
export interface BatchJob extends AttemptRef {
  command: string[];
  /** Nothing else of this process's environment gets there. Names and URIs only: it is seen in many places. */
  environment: Record<string, string>;
  limits: { timeoutMs: number; memoryBytes: number; outputBytes: number; logBytes: number };
}

/** How a program ended. */
export interface JobExit {
  /** Absent where a signal ended it, or nobody knows. */
  code?: number;
  signal?: string;
  /** Why it was ended from outside. */
  stopped?: 'cancelled' | 'timeout' | 'out-of-memory' | 'too-large';
  wallMs: number;
  cpuMs: number;
}

export type JobStanding = { kind: 'running' } | { kind: 'ended'; exit: JobExit } | { kind: 'unknown' };

/**
 * Who runs programs outside of this process. Jobs outlive the server that submitted them: all that is needed to find one
 * again is the attempt.
 */
export abstract class BatchProvider {
  /** What this provider cannot do with any job; undefined where it is ready. */
  abstract unready(): string | undefined;
  /** Submitting the same attempt again starts nothing. Throws AppError `unavailable` where there is no place. */
  abstract submit(job: BatchJob): Promise<void>;
  /** Resolves when the program no longer runs, and will not. Unknown attempts are no error. */
  abstract stop(attempt: AttemptRef): Promise<void>;
  abstract standing(attempt: AttemptRef): Promise<JobStanding>;
  /** The end of what a program said. */
  abstract logTail(attempt: AttemptRef): Promise<string>;
  /** Called for a job that ended while this process looked on. */
  abstract onEnded(listener: (attempt: AttemptRef) => void): void;
  abstract capacity(): TierCapacity;
  abstract health(): Promise<TierHealth>;
}
