import type { Context } from '../context.js';
import { requireJobs } from '../execution/after-watching.js';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { isOver, type StatusInfo } from '../server/documents.js';
import { statusOf } from '../watching/follow-job.js';

/** Cancels jobs. One that is over stays as it is: dismissing it would take its results away. */
export async function cancel(
  ids: string[],
  { reason }: { reason?: string },
  context: Context,
): Promise<void> {
  const failures: Failure[] = [];
  for (const id of requireJobs(ids))
    await cancelJob(id, reason, context).catch((error: unknown) => {
      if (!(error instanceof Failure) || error.exitCode === EXIT.interrupted) throw error;
      failures.push(error);
    });
  const [first, ...others] = failures;
  if (!first) return;
  if (others.length === 0) throw first;
  throw new Failure(first.exitCode, `${failures.length} jobs were not cancelled.`, {
    details: failures.flatMap(({ message, details }) => [message, ...details]),
  });
}

async function cancelJob(
  id: string,
  reason: string | undefined,
  { server, printer }: Context,
): Promise<void> {
  const path = `/jobs/${encodeURIComponent(id)}`;
  const before = await statusOf(server, id);
  const told = (status: StatusInfo, line: string): void =>
    printer.json ? printer.value(status, { oneOfMany: true }) : printer.lines([`${id}  ${line}`]);
  if (isOver(before.status)) return told(before, `is over: ${before.status}`);
  if (reason === undefined)
    return told(await server.json<StatusInfo>(path, { method: 'DELETE' }), 'cancelled');
  // The protocol has no reason; the operators' route keeps one on the record of the run.
  await server.json(`/admin/runs/${encodeURIComponent(id)}/cancel`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reason }),
  });
  told(await statusOf(server, id), 'cancelled');
}
