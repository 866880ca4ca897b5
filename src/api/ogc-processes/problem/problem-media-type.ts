import { JSON_TYPE } from '../link.js';

export const PROBLEM_TYPE = 'application/problem+json';

/**
 * `application/problem+json` for whoever names it, else `application/json`: the standard allows both, and clients that
 * parse JSON by the exact type are many (the OGC test suite among them). Without a charset, which JSON has not.
 */
export function problemMediaType(accept: string | undefined): string {
  const named = (accept ?? '')
    .split(',')
    .some((range) => range.split(';')[0]!.trim().toLowerCase() === PROBLEM_TYPE);
  return named ? PROBLEM_TYPE : JSON_TYPE;
}
