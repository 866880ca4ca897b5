/** What a server and the supervisor of a job tell each other, as files in the job's folder. */
export const JOB_FILES = {
  /** What to run; written first. */
  job: 'job.json',
  /** Made by the supervisor that runs it: there is one at most. */
  claimed: 'claimed',
  /** Its time of change says when the supervisor was last seen. */
  alive: 'alive',
  /** Whoever wants it stopped makes it. */
  stop: 'stop',
  /** How it ended; written last. */
  exit: 'exit.json',
  /** Where the program may write what nobody needs. */
  scratch: 'scratch',
} as const;

export interface SupervisedJob {
  command: string[];
  environment: Record<string, string>;
  /** Folder whose size is limited. */
  outputFolder: string;
  logFile: string;
  limits: { timeoutMs: number; memoryBytes: number; outputBytes: number; logBytes: number };
}
