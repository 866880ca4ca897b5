import type { AttemptRef } from '../../execution/index.js';

/** The name of an attempt's job: the same however often it is submitted, which makes submitting idempotent. */
export const nameOf = ({ runId, attempt }: Pick<AttemptRef, 'runId' | 'attempt'>): string =>
  `honua-${runId}-${attempt}`;
