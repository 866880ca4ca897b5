import type { Context } from '../context.js';
import { FEWEST_ENTRIES, MOST_ENTRIES, readEntries } from '../array/read-entries.js';
import { selectEntries } from '../array/select-entries.js';
import { executeRequest } from '../execution/execute-request.js';
import { resultForm } from '../execution/result-form.js';
import { startRun } from '../execution/start-run.js';
import { usageFailure } from '../failure.js';
import { readInputs } from '../inputs/read-inputs.js';
import { describeProcess } from './processes.js';
import { watch } from './watch.js';

export interface SubmitOptions {
  array: string;
  range?: string;
  regions?: string;
  input: string[];
  maxFailures?: number;
  dryRun?: boolean;
  detach?: boolean;
}

/** Submits an array run: one process over many inputs, watched as one job unless it is left alone. */
export async function submit(id: string, options: SubmitOptions, context: Context): Promise<void> {
  const { server, printer } = context;
  const array = selectEntries(await readEntries(options.array), options);
  if (array.length < FEWEST_ENTRIES || array.length > MOST_ENTRIES)
    throw usageFailure(
      `An array run has ${FEWEST_ENTRIES} to ${MOST_ENTRIES} entries; these are ${array.length}.`,
    );
  const process = await describeProcess(id, server);
  const started = await startRun(
    async (uploads) => {
      const inputs = await readInputs(options.input, process, uploads);
      const body = { inputs, array, ...resultForm(process, { json: false }) };
      const { maxFailures } = options;
      return executeRequest(id, { ...body, ...(maxFailures !== undefined && { maxFailures }) }, 'async');
    },
    options.dryRun ?? false,
    context,
  );
  if (!started) return;
  const { jobID, status } = started;
  if (options.detach) return printer.json ? printer.value(status ?? { jobID }) : printer.lines([jobID]);
  printer.note(`Submitted ${array.length} runs as job ${jobID}.`);
  await watch([jobID], context);
}
