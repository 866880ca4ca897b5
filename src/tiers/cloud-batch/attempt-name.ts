import type { AttemptRef } from '../../execution/index.js';

type Named = Pick<AttemptRef, 'runId' | 'attempt'>;

/** The name of an attempt's job: the same however often it is submitted, which makes submitting idempotent. */
export const nameOf = ({ runId, attempt }: Named, base = 'honua'): string => `${base}-${runId}-${attempt}`;
