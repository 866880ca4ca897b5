import type { Response } from 'express';
import type { Quota } from '../shared/app-error.js';

/** What is left of a quota, as draft-ietf-httpapi-ratelimit-headers-11 has it: `RateLimit-Policy` and `RateLimit`. */
export function tellQuota(
  response: Response,
  { name, limit, remaining, resetSeconds, windowSeconds }: Quota,
): void {
  const policy = windowSeconds === undefined ? '' : `;w=${windowSeconds}`;
  response.setHeader('ratelimit-policy', `"${name}";q=${whole(limit)}${policy}`);
  response.setHeader('ratelimit', `"${name}";r=${whole(remaining)};t=${Math.ceil(resetSeconds)}`);
}

/** Structured fields have the quota as an integer; a budget may be none. */
const whole = (value: number): number => Math.floor(value);
