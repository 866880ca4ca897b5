/** What may go wrong, to be turned while it runs. Shares are from 0 to 1. */
export interface FaultKnobs {
  /** Each event comes so many times. */
  copies: number;
  /** Share of events that never come. */
  drop: number;
  /** Events come up to so much later, and so in another order. */
  delayMs: number;
  /** Share of calls that are answered 429. */
  throttle: number;
  /** Share of submissions that are answered 500 although they were accepted. */
  failAfterAccept: number;
  /** Share of submissions that are answered 500 and were not accepted. */
  failBefore: number;
  /** Share of first tries that lose their machine. */
  reclaim: number;
  /** Share of jobs that have no log stream. */
  noLogStream: number;
  /** DescribeJobs and ListJobs know nothing of jobs that are over. */
  vanish: boolean;
  /** Nothing gets a machine. */
  stuckRunnable: boolean;
  /** The credentials are worth nothing any more. */
  revoked: boolean;
}

export const noFaults = (): FaultKnobs => ({
  copies: 1,
  drop: 0,
  delayMs: 0,
  throttle: 0,
  failAfterAccept: 0,
  failBefore: 0,
  reclaim: 0,
  noLogStream: 0,
  vanish: false,
  stuckRunnable: false,
  revoked: false,
});

/** Numbers from 0 to 1 that are the same for the same seed (xorshift32). */
export function seeded(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
