/**
 * Errors are data until the edge: a module throws an AppError, and each protocol has one table from
 * `kind` to its own form. No HTTP, OGC or Esri word belongs here.
 */
export type AppErrorKind =
  | 'invalid-input'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'gone'
  | 'conflict'
  | 'mismatch'
  | 'too-large'
  | 'unsupported-media-type'
  | 'not-acceptable'
  | 'rejected'
  | 'not-ready'
  | 'timeout'
  | 'unavailable'
  | 'unsupported'
  | 'internal';

/** One thing wrong with one member of a request; `path` is a JSON pointer into the request body. */
export interface Fault {
  path: string;
  message: string;
}

export interface AppErrorOptions {
  faults?: Fault[];
  retryAfterSeconds?: number;
  cause?: unknown;
}

export class AppError extends Error {
  readonly faults: Fault[];
  readonly retryAfterSeconds?: number;

  /** `code` is stable and machine-readable (`run-not-found`); `message` is for people. */
  constructor(
    readonly kind: AppErrorKind,
    readonly code: string,
    message: string,
    options: AppErrorOptions = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'AppError';
    this.faults = options.faults ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

export const invalidInput = (message: string, faults: Fault[] = []): AppError =>
  new AppError('invalid-input', 'invalid-input', message, { faults });
