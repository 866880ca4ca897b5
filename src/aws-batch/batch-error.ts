import { AppError } from '../shared/app-error.js';

/**
 * What AWS Batch did not do. `throttled`: it did nothing, too much was asked of it; `unavailable`: it did not answer, or not as
 * it should; `denied`: our credentials do not let us; `rejected`: the request itself is wrong, and will be the next time.
 */
export type BatchFault = 'throttled' | 'unavailable' | 'denied' | 'rejected';

const MESSAGES = {
  throttled: 'AWS Batch takes no more calls at the moment.',
  unavailable: 'AWS Batch did not answer.',
  denied: 'AWS Batch does not take the credentials of this server.',
};
const THROTTLED = new Set(['TooManyRequestsException', 'ThrottlingException', 'Throttling', 'SlowDown']);
const DENIED = new Set(['CredentialsProviderError', 'ExpiredTokenException', 'UnrecognizedClientException']);
/** Of connections that were never made: nothing can have been done. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'CredentialsProviderError']);

export class BatchError extends AppError {
  constructor(
    readonly fault: BatchFault,
    message: string,
    /** Whether it may have been done all the same. */
    readonly isAmbiguous: boolean,
    cause?: unknown,
  ) {
    super(fault === 'rejected' ? 'invalid-input' : 'unavailable', `batch-${fault}`, message, { cause });
    this.name = 'BatchError';
  }
}

export const rejected = (message: string): BatchError => new BatchError('rejected', message, false);

/** What a client of AWS threw, by its kind. */
export function toBatchError(thrown: unknown): BatchError {
  if (thrown instanceof BatchError) return thrown;
  const { name, message, code, $metadata } = thrown as Error & {
    code?: string;
    $metadata?: { httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode;
  if (status === 429 || THROTTLED.has(name))
    return new BatchError('throttled', MESSAGES.throttled, false, thrown);
  if (status === 401 || status === 403 || DENIED.has(name))
    return new BatchError('denied', MESSAGES.denied, false, thrown);
  if (status !== undefined && status >= 400 && status < 500)
    return new BatchError('rejected', `AWS Batch refuses this: ${message.slice(0, 500)}`, false, thrown);
  const isNeverSent = NEVER_SENT.has(code ?? '') || NEVER_SENT.has(name);
  return new BatchError('unavailable', MESSAGES.unavailable, !isNeverSent, thrown);
}
