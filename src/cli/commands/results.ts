import type { Context } from '../context.js';
import { saveResults } from '../results/save-results.js';
import { readTargets } from '../results/targets.js';

/** The results of a job that succeeded; of an array run, where those of its children are. */
export const results = (jobID: string, { output }: { output: string[] }, context: Context): Promise<void> =>
  saveResults(jobID, readTargets(output), context);
