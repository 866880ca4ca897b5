import type { Context } from '../context.js';
import { Uploads } from '../inputs/uploads.js';
import { dryRun } from './dry-run.js';
import { execute, type ExecuteRequest, type Started } from './execute-request.js';

/**
 * Makes the request, whose files are sent ahead, and sends it; undefined after a dry run. The files are deleted again once
 * it is answered: a run has a copy of its own. Throws Failure.
 */
export async function startRun(
  make: (uploads: Uploads) => Promise<ExecuteRequest>,
  onlyDry: boolean,
  { server, printer }: Context,
): Promise<Started | undefined> {
  const uploads = new Uploads(server, (text) => printer.note(text));
  try {
    const request = await make(uploads);
    if (!onlyDry) return await execute(request, server);
    if (uploads.count > 0)
      printer.note('The files go again after the dry run: each submission sends its own.');
    await dryRun(request, { server, printer });
  } finally {
    await uploads.discard();
  }
}
