import type { Reference } from '../../execution/index.js';
import type { OutboundError, OutboundFailure } from '../../outbound-http/index.js';
import { AppError, type AppErrorKind } from '../../shared/app-error.js';

const CODES: Record<OutboundFailure, { kind: AppErrorKind; code: string }> = {
  refused: { kind: 'invalid-input', code: 'reference-refused' },
  redirected: { kind: 'invalid-input', code: 'reference-redirected' },
  unreachable: { kind: 'invalid-input', code: 'reference-unreachable' },
  timeout: { kind: 'invalid-input', code: 'reference-timeout' },
  'too-large': { kind: 'too-large', code: 'reference-too-large' },
};

/** Whoever gave a URL is to blame for what it does not give: never an error of the service's own. */
export function referenceError(
  { path }: Pick<Reference, 'path'>,
  { reason, message }: Pick<OutboundError, 'reason' | 'message'>,
): AppError {
  const { kind, code } = CODES[reason];
  return new AppError(kind, code, `${path}: ${message}`, { faults: [{ path, message }] });
}
