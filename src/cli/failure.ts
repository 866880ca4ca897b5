import { EXIT, type ExitCode } from './exit-codes.js';
import type { Problem } from './server/documents.js';

export interface FailureOptions {
  /** Lines below the message: one for each input that is wrong, or what to do next. */
  details?: string[];
  /** What the server said, for `--json`. */
  problem?: Problem;
  cause?: unknown;
}

/** Whatever ends the command with another code than 0. The message is for people: it is all they are shown. */
export class Failure extends Error {
  readonly details: string[];
  readonly problem?: Problem;

  constructor(
    readonly exitCode: ExitCode,
    message: string,
    options: FailureOptions = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'Failure';
    this.details = options.details ?? [];
    this.problem = options.problem;
  }
}

export const usageFailure = (message: string, details: string[] = []): Failure =>
  new Failure(EXIT.usage, message, { details });

export const interruption = (message = 'Interrupted.'): Failure => new Failure(EXIT.interrupted, message);

/** Nobody answered, or nobody who could do it now: worth another try. */
export const isAway = (error: unknown): error is Failure =>
  error instanceof Failure && error.exitCode === EXIT.unreachable;
