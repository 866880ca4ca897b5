import type { AttemptRef, SubmittedAttempt, TierCapacity, TierHealth } from '../../execution/index.js';

/** One attempt as a program to run: what it reads and writes it finds by the URIs of its environment. */
export interface BatchJob extends AttemptRef {
  processId: string;
  command: string[];
  /** The container image that holds the command, by the signed manifest. */
  image: string;
  /** Nothing else of this process's environment gets there. Names and URIs only: it is seen in many places. */
  environment: Record<string, string>;
  /** What the signed manifest says that it needs. */
  needs: { cpus: number; memoryMiB: number; gpus: number };
  limits: { timeoutMs: number; memoryBytes: number; outputBytes: number; logBytes: number };
}

/** How a program ended. */
export interface JobExit {
  /** Absent where a signal ended it, or nobody knows. */
  code?: number;
  signal?: string;
  /** Why it was ended from outside. */
  stopped?: 'cancelled' | 'timeout' | 'out-of-memory' | 'too-large';
  /** What the provider says of it, where it is not the program's doing. */
  reason?: string;
  wallMs: number;
  cpuMs: number;
}

export type JobStanding =
  | {
      kind: 'running';
      /** Whether it may have told of its progress since the last time. */
      hasNews: boolean;
      /** The name that it was found under, where the run does not know it yet. */
      handle?: string;
    }
  | { kind: 'ended'; exit: JobExit }
  | { kind: 'unknown' };

/**
 * Who runs programs outside of this process. Jobs outlive the server that submitted them: all that is needed to find one
 * again is the attempt.
 */
export abstract class BatchProvider {
  /** What this provider cannot do with any job; undefined where it is ready. */
  abstract unready(): string | undefined;
  /** The name that is kept with the run before its job is submitted; it is found by that alone. */
  abstract nameOf(attempt: AttemptRef): string;
  /**
   * Submitting the same attempt again starts nothing. Answers the name by which it is found fastest. Throws AppError
   * `unavailable` where there is no place.
   */
  abstract submit(job: BatchJob): Promise<string>;
  /** Resolves when the program no longer runs, and will not. Unknown attempts are no error. */
  abstract stop(attempt: AttemptRef): Promise<void>;
  /** In the order of the attempts. Asked often: what costs a call elsewhere is not asked for each time. */
  abstract standings(attempts: SubmittedAttempt[]): Promise<JobStanding[]>;
  /** The end of what a program said; empty where that cannot be had. */
  abstract logTail(attempt: AttemptRef): Promise<string>;
  /** Called for a job that ended while this process looked on. */
  abstract onEnded(listener: (attempt: AttemptRef, exit: JobExit) => Promise<void>): void;
  abstract capacity(): TierCapacity;
  abstract health(): Promise<TierHealth>;
}
