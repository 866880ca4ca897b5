/**
 * Errors are data until the edge: a module throws an AppError, and each protocol has one table from
 * `kind` to its own form. No HTTP, OGC or Esri word belongs here.
 */
export type AppErrorKind =
  | 'invalid-input'
  | 'unauthenticated'
  | 'payment-required'
  | 'forbidden'
  | 'not-found'
  | 'gone'
  | 'conflict'
  | 'mismatch'
  | 'precondition-failed'
  | 'precondition-required'
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

/** What is left of something counted that belongs to a tenant; told to whoever is refused for it. */
export interface Quota {
  name: string;
  limit: number;
  remaining: number;
  /** Seconds until there is more. */
  resetSeconds: number;
  /** Seconds over which `limit` is counted; absent where it is a number at any time. */
  windowSeconds?: number;
}

export interface AppErrorOptions {
  faults?: Fault[];
  retryAfterSeconds?: number;
  /** The quota that refused. */
  quota?: Quota;
  cause?: unknown;
}

export class AppError extends Error {
  readonly faults: Fault[];
  readonly retryAfterSeconds?: number;
  readonly quota?: Quota;

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
    this.quota = options.quota;
  }
}

export const invalidInput = (message: string, faults: Fault[] = []): AppError =>
  new AppError('invalid-input', 'invalid-input', message, { faults });
