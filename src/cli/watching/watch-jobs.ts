import { EXIT } from '../exit-codes.js';
import { Failure, interruption } from '../failure.js';
import type { Change } from './change.js';
import type { Server } from '../server/server.js';
import { followJob } from './follow-job.js';
import type { View } from './views.js';

/**
 * Shows the jobs until all are over, and resolves to how each ended. Whatever ends the watching leaves the jobs running,
 * and the Failure says how to go on. A job that cannot be watched keeps no other from it.
 */
export async function watchJobs(ids: string[], view: View, server: Server): Promise<Change[]> {
  const ends = await Promise.allSettled(ids.map((id) => watchJob(id, view, server)));
  view.end();
  if (server.signal.aborted) throw goesOn(ids, server.signal.reason);
  const reasons = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
  if (reasons.length > 0) throw together(reasons);
  return ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
}

async function watchJob(id: string, view: View, server: Server): Promise<Change> {
  let last: Change | undefined;
  for await (const change of followJob(id, server, (text) => view.tell(text))) {
    view.show(change);
    if (change.parent === undefined) last = change;
  }
  return last!;
}

/** The first, with what the others say below it. */
function together([first, ...others]: unknown[]): unknown {
  const odd = [first, ...others].find((reason) => !(reason instanceof Failure));
  if (odd !== undefined) return odd;
  const { exitCode, message, details, problem } = first as Failure;
  const more = others.map((other) => (other as Failure).message);
  return new Failure(exitCode, message, { details: [...new Set([...details, ...more])], problem });
}

function goesOn(ids: string[], reason: unknown): unknown {
  if (!(reason instanceof Failure) || reason.exitCode !== EXIT.interrupted) return reason;
  const [runs, them] = ids.length === 1 ? ['The run goes on', 'it'] : ['The runs go on', 'them'];
  return interruption(`Interrupted. ${runs}; watch ${them} with: honua watch ${ids.join(' ')}`);
}
