import { AppError } from '../shared/app-error.js';

const RETRY_AFTER_SECONDS = 5;

/** Connection exceptions, shutdown, start-up, too many connections, read-only after a fail-over, time-outs. */
const SQLSTATE = /^(08...|57P0[1-5]|57014|53300|25006)$/;
const SYSTEM_ERRORS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
]);
/** The driver has no codes for these. */
const DRIVER_TEXT =
  /Connection terminated|timeout exceeded when trying to connect|connection error and is not queryable/;

/** What TypeORM says of a connection that was lost between two statements. */
const LOST_BETWEEN = new Set(['QueryRunnerAlreadyReleasedError', 'QueryRunnerProviderAlreadyReleasedError']);

/** Whether an error says that the database could not be reached or would not serve, rather than that we erred. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, message, name } = error as Error & { code?: string };
  if (LOST_BETWEEN.has(name)) return true;
  if (code && (SQLSTATE.test(code) || SYSTEM_ERRORS.has(code))) return true;
  return DRIVER_TEXT.test(message);
}

/** Rethrows as AppError `unavailable` what is the database's absence, anything else as it is. */
export function asUnavailable(error: unknown): never {
  if (!isUnavailable(error)) throw error;
  throw new AppError('unavailable', 'database-unavailable', 'The database is not available at the moment.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    cause: error,
  });
}
