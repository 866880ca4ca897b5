import { HttpException } from '@nestjs/common';
import { AppError, type AppErrorKind } from '../shared/app-error.js';

/** The framework's own refusals, which say no more than their status. */
const OF_STATUS: Record<number, [AppErrorKind, string]> = {
  401: ['unauthenticated', 'Who is calling is not known.'],
  403: ['forbidden', 'This is not allowed.'],
  404: ['not-found', 'There is nothing at this address.'],
  406: ['not-acceptable', 'This is not served in a form that was asked for.'],
  413: ['too-large', 'The request is too large.'],
  415: ['unsupported-media-type', 'The request is not in a media type that is taken here.'],
  429: ['rejected', 'Too many requests.'],
};

/** What went wrong as an AppError; the text of whatever is not one goes to the log only. `cause` is what was thrown. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof HttpException && thrown.getStatus() < 500) {
    const [kind, message] = OF_STATUS[thrown.getStatus()] ?? ['invalid-input', 'The request is not valid.'];
    return new AppError(kind, kind, message, { cause: thrown });
  }
  const message = 'Something went wrong here. The request id names it in our log.';
  return new AppError('internal', 'internal', message, { cause: thrown });
}

/** Seconds after which a refused caller may try again, where the error does not say. */
const RETRY_AFTER_SECONDS = 5;

/** Whole seconds until it makes sense to try again; undefined where trying again changes nothing. */
export function retryAfter({ kind, retryAfterSeconds }: AppError): number | undefined {
  if (kind !== 'rejected' && kind !== 'unavailable' && kind !== 'payment-required') return undefined;
  return Math.max(1, Math.ceil(retryAfterSeconds ?? RETRY_AFTER_SECONDS));
}
