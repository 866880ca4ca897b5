import { S3ServiceException } from '@aws-sdk/client-s3';
import { AppError } from '../shared/app-error.js';

const GONE = ['NoSuchKey', 'NotFound'];
/** Of a conditional write: the object is there, or another one is being written. */
const TAKEN = [409, 412];
const DENIED = [401, 403];
const RETRY_SECONDS = 5;

export const artifactGone = (): AppError =>
  new AppError('not-found', 'artifact-not-found', 'The artifact is not there any more.');

export const isGone = (error: unknown): boolean =>
  error instanceof S3ServiceException && GONE.includes(error.name);

/** S3 refuses a range that begins after the end. */
export const isEmptyRange = (error: unknown): boolean =>
  error instanceof S3ServiceException && error.name === 'InvalidRange';

/** Whatever a call to S3 threw, as what it means to a caller. Whatever else went wrong, S3 cannot be used now. */
export function s3Error(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isGone(error)) return artifactGone();
  const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
  if (status !== undefined && TAKEN.includes(status))
    return new AppError('conflict', 'artifact-exists', 'There is such an artifact already.', {
      cause: error,
    });
  const denied = status !== undefined && DENIED.includes(status);
  return new AppError(
    'unavailable',
    denied ? 'artifact-store-denied' : 'artifact-store-unavailable',
    denied ? 'The artifact store refuses this server.' : 'The artifact store does not answer as it should.',
    { cause: error, retryAfterSeconds: RETRY_SECONDS },
  );
}
