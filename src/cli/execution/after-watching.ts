import { EXIT, exitCodeOfStatuses } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { type Change, countsAsText } from '../watching/change.js';

/** Throws Failure unless every job succeeded; the exit code is that of the worst. */
export function requireSuccess(ends: Change[]): void {
  const bad = ends.filter(({ status }) => status !== 'successful');
  if (bad.length === 0) return;
  const [first] = bad;
  const message =
    bad.length === 1 ? sentenceOf(first!) : `${bad.length} of ${ends.length} jobs did not succeed.`;
  const details = bad.length === 1 ? [] : bad.map(sentenceOf);
  throw new Failure(exitCodeOfStatuses(bad.map(({ status }) => status)), message, {
    details,
    ...(bad.length === 1 && first!.exception && { problem: first!.exception }),
  });
}

function sentenceOf({ jobID, status, message, exception, array }: Change): string {
  const how = status === 'failed' ? 'failed' : 'was cancelled';
  const why = array
    ? countsAsText(array)
    : (exception?.detail ?? (status === 'failed' ? message : undefined));
  return `Job ${jobID} ${how}${why ? `: ${why}` : '.'}`;
}

export const requireJobs = (ids: string[]): string[] => {
  if (ids.length === 0) throw new Failure(EXIT.usage, 'Name at least one job.');
  return [...new Set(ids)];
};
