import type { AppError, AppErrorKind } from '../../../shared/app-error.js';

/** Esri's form of every error; clients look for it in answers of HTTP 200 alone. */
export interface ErrorEnvelope {
  error: { code: number; message: string; details: string[] };
}

const FAILED = 'Unable to complete operation.';

const KINDS: Record<AppErrorKind, { code: number; message: string }> = {
  'invalid-input': { code: 400, message: FAILED },
  unauthenticated: { code: 499, message: 'Token Required' },
  'payment-required': { code: 402, message: 'The budget is spent' },
  forbidden: {
    code: 403,
    message: 'You do not have permissions to access this resource or perform this operation.',
  },
  'not-found': { code: 404, message: 'Not Found' },
  gone: { code: 410, message: 'No longer there' },
  conflict: { code: 409, message: FAILED },
  mismatch: { code: 422, message: FAILED },
  'precondition-failed': { code: 412, message: FAILED },
  'precondition-required': { code: 428, message: FAILED },
  'too-large': { code: 413, message: 'Request is too large' },
  'unsupported-media-type': { code: 415, message: 'Unsupported media type' },
  'not-acceptable': { code: 406, message: FAILED },
  rejected: { code: 429, message: 'Too many requests' },
  'not-ready': { code: 400, message: 'The job has not finished yet' },
  timeout: { code: 504, message: 'Timeout' },
  unavailable: { code: 503, message: 'Service unavailable' },
  unsupported: { code: 422, message: FAILED },
  internal: { code: 500, message: 'Internal server error' },
};

/** What somebody who meets the error can do about it. */
const ADVICE: Partial<Record<AppErrorKind, string>> = {
  'not-found': 'The services directory at /arcgis/rest/services lists what there is.',
  rejected: 'Try again in a while; Retry-After says when.',
  'payment-required': 'Ask whoever runs this service for more, or wait until the next period.',
  unavailable: 'Try again in a while.',
  'not-ready': 'Ask for the job until its status is esriJobSucceeded, then for its results.',
  unauthenticated: 'Get a token from generateToken and send it as token=, or as Authorization: Bearer.',
};

/** Codes of ours that stand for another code than their kind does. */
const CODES: Record<string, { code: number; message: string }> = {
  'token-invalid': { code: 498, message: 'Invalid Token' },
};

export function toEnvelope(error: AppError, requestId?: string): ErrorEnvelope {
  const { code, message } = CODES[error.code] ?? KINDS[error.kind];
  const faults = error.faults.map((fault) => [nameOf(fault.path), fault.message].filter(Boolean).join(' '));
  const advice = ADVICE[error.kind];
  const details = [
    ...(faults.length > 0 ? faults : [error.message]),
    ...(advice === undefined ? [] : [advice]),
    ...(error.kind === 'internal' && requestId !== undefined ? [`Request id: ${requestId}`] : []),
  ];
  return { error: { code, message, details } };
}

/** A pointer into the request as a client of forms knows it: `Distance`, `Input_Features/features/0`. */
const nameOf = (path: string): string => path.replace(/^\/(?:inputs\/)?/, '');
