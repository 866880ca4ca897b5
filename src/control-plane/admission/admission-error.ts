import { AppError } from '../../shared/app-error.js';
import type { Refused } from './admission-decision.js';

/** A refusal as the error that its caller is answered with; why no tier is left is part of it. */
export function refusalOf({
  kind,
  code,
  reason,
  retryAfterSeconds,
  quota,
  rejectedTiers,
}: Refused): AppError {
  const why = rejectedTiers.map(({ tier, reason: ofTier }) => `${tier}: ${ofTier}`).join(' ');
  const message =
    (code === 'no-tier' || code.endsWith('tier-unavailable')) && why ? `${reason} ${why}` : reason;
  return new AppError(kind, code, message, { retryAfterSeconds, quota });
}
