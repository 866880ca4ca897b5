import type { AppError, AppErrorKind, Fault } from '../../../shared/app-error.js';

/** RFC 9457; `type` is all that the standard's exception.yaml requires. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  /** Stable and machine-readable. */
  code: string;
  faults?: Fault[];
  requestId?: string;
}

const KINDS: Record<AppErrorKind, { status: number; title: string }> = {
  'invalid-input': { status: 400, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'Who is calling is not known' },
  'payment-required': { status: 402, title: 'The budget is spent' },
  forbidden: { status: 403, title: 'Not allowed' },
  'not-found': { status: 404, title: 'Not found' },
  gone: { status: 410, title: 'No longer there' },
  conflict: { status: 409, title: 'Conflict' },
  mismatch: { status: 422, title: 'The request does not match an earlier one' },
  'precondition-failed': { status: 412, title: 'It was changed in the meantime' },
  'precondition-required': { status: 428, title: 'Say which version is to be changed' },
  'too-large': { status: 413, title: 'Too large' },
  'unsupported-media-type': { status: 415, title: 'Unsupported media type' },
  'not-acceptable': { status: 406, title: 'Not acceptable' },
  rejected: { status: 429, title: 'Process admission denied' },
  'not-ready': { status: 404, title: 'The result is not ready' },
  timeout: { status: 504, title: 'Time ran out' },
  unavailable: { status: 503, title: 'Not available now' },
  // Not 501: the request is at fault for asking it, and 5xx is kept for faults of the server.
  unsupported: { status: 422, title: 'Not supported' },
  internal: { status: 500, title: 'Internal error' },
};

const OGC_EXCEPTIONS = 'http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0';

/** The exceptions that OGC registered, by our code; all others have a name of ours. */
const OGC_TYPES: Record<string, string> = {
  'process-not-found': `${OGC_EXCEPTIONS}/no-such-process`,
  'run-not-found': `${OGC_EXCEPTIONS}/no-such-job`,
  'run-dismissed': `${OGC_EXCEPTIONS}/no-such-job`,
  'run-not-ready': `${OGC_EXCEPTIONS}/result-not-ready`,
  'no-results': `${OGC_EXCEPTIONS}/result-not-available`,
  'output-not-found': `${OGC_EXCEPTIONS}/no-such-output`,
  'invalid-query': `${OGC_EXCEPTIONS}/invalid-query-parameter-value`,
};

/** Title of the problem that stands for a failed run. */
export const EXECUTION_FAILED = 'Process execution failed';

/** Codes of failed runs all start so. */
const FAILED_RUN = /^run-failed/;

/** The protocol's form of an error: the one table from kind to status. */
export function toProblem(error: AppError, requestId?: string): Problem {
  const { status, title } = KINDS[error.kind];
  return {
    type:
      OGC_TYPES[error.code] ??
      (error.kind === 'not-ready' ? OGC_TYPES['run-not-ready']! : `urn:honua:problem:${error.code}`),
    title: FAILED_RUN.test(error.code) ? EXECUTION_FAILED : title,
    status,
    detail: error.message,
    code: error.code,
    ...(error.faults.length > 0 && { faults: error.faults }),
    ...(requestId && { requestId }),
  };
}
