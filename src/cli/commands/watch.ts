import type { Context } from '../context.js';
import { requireJobs, requireSuccess } from '../execution/after-watching.js';
import { viewOn } from '../watching/views.js';
import { watchJobs } from '../watching/watch-jobs.js';

/** Shows jobs until all of them are over. */
export async function watch(ids: string[], { server, printer }: Context): Promise<void> {
  const view = viewOn(printer.stdout, printer);
  requireSuccess(await watchJobs(requireJobs(ids), view, server));
}
