import type { Context } from '../context.js';
import { requireSuccess } from '../execution/after-watching.js';
import { executeRequest } from '../execution/execute-request.js';
import { resultForm } from '../execution/result-form.js';
import { startRun } from '../execution/start-run.js';
import { usageFailure } from '../failure.js';
import { readInputs } from '../inputs/read-inputs.js';
import { saveResults } from '../results/save-results.js';
import { readTargets, requireFolders } from '../results/targets.js';
import type { ProcessDescription } from '../server/documents.js';
import { viewOn } from '../watching/views.js';
import { watchJobs } from '../watching/watch-jobs.js';
import { describeProcess } from './processes.js';

export interface RunOptions {
  input: string[];
  output: string[];
  async?: boolean;
  watch?: boolean;
  dryRun?: boolean;
}

/** Runs a process, and saves its results unless it is left to go on by itself. */
export async function run(id: string, options: RunOptions, context: Context): Promise<void> {
  const { server, printer } = context;
  const targets = readTargets(options.output);
  await requireFolders(targets);
  const leavesIt = options.async === true && !options.watch;
  if (leavesIt && options.output.length > 0)
    throw usageFailure('With --async there are no results yet to write: add --watch, or ask for them later.');
  const process = await describeProcess(id, server);
  const mode = options.async || options.watch || !canAnswerAtOnce(process) ? 'async' : 'sync';
  const started = await startRun(
    async (uploads) => {
      const inputs = await readInputs(options.input, process, uploads);
      return executeRequest(id, { inputs, ...resultForm(process, { targets, json: printer.json }) }, mode);
    },
    options.dryRun ?? false,
    context,
  );
  if (!started) return;
  const { jobID, over, status } = started;
  if (leavesIt) return printer.json ? printer.value(status ?? { jobID }) : printer.lines([jobID]);
  if (!over) {
    if (mode === 'sync') printer.note(`It takes longer, and goes on as job ${jobID}.`);
    await follow(jobID, context);
  }
  await saveResults(jobID, targets, context);
}

/** How the run is getting on is told beside its results, which may be piped. */
async function follow(jobID: string, { server, printer }: Context): Promise<void> {
  const view = viewOn(printer.stderr, printer);
  requireSuccess(await watchJobs([jobID], view, server));
}

const canAnswerAtOnce = ({ jobControlOptions }: ProcessDescription): boolean =>
  jobControlOptions?.includes('sync-execute') ?? true;
