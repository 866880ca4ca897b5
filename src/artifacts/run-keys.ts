/** One attempt at a run. */
interface AttemptOfRun {
  runId: string;
  attempt: number;
}

/** What an attempt may write, and nothing else. */
export const outputPrefix = ({ runId, attempt }: AttemptOfRun): string => `runs/${runId}/${attempt}/`;

/** What is laid out for workers: their inputs, and what they and servers tell each other. */
export const stagingPrefix = (runId: string): string => `jobs/${runId}/`;

/** What the programs of a run say. */
export const logPrefix = (runId: string): string => `logs/${runId}/`;

/** What the programs of an attempt say. */
export const logKey = ({ runId, attempt }: AttemptOfRun): string => `${logPrefix(runId)}${attempt}.log`;

/** Everything that is kept of a run under its own name. */
export const prefixesOf = (runId: string): string[] => [
  `runs/${runId}/`,
  stagingPrefix(runId),
  logPrefix(runId),
];
