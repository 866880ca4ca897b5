import { createHash } from 'node:crypto';
import type { Context } from '../context.js';
import { execute, executeRequest } from '../execution/execute-request.js';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { isOver, type StatusInfo } from '../server/documents.js';
import { listChildren } from '../watching/follow-array.js';
import { statusOf } from '../watching/follow-job.js';
import { Rhythm } from '../watching/patience.js';
import { type Check, faultOf, type Rung } from './rungs.js';

const PROCESS = 'batch-check';
const POLL_MS = { first: 500, longest: 5_000 };
const TAIL_LINES = 10;

/** Climbs one rung and answers how long that took, in milliseconds. Throws Failure that says what is wrong and what to do. */
export async function climb(rung: Rung, context: Context): Promise<number> {
  const { server } = context;
  const began = performance.now();
  const [inputs] = rung.runs;
  const array = rung.runs.map((own) => ({ inputs: own as Record<string, unknown> }));
  const body = array.length === 1 ? { inputs: inputs as Record<string, unknown> } : { inputs: {}, array };
  const request = executeRequest(PROCESS, { ...body, response: 'document' }, 'async');
  const { jobID } = await execute(request, server).catch((error: unknown) => {
    if (!(error instanceof Failure) || error.exitCode === EXIT.interrupted) throw error;
    throw failed(rung, error.message, [...error.details]);
  });
  const status = await untilOver(jobID, rung, context);
  const jobs = status.array
    ? (await listChildren(jobID, server, 'successful')).map((child) => child.jobID)
    : [jobID];
  const good = status.array || status.status === 'successful' ? jobs : [];
  if (good.length === 0)
    throw failed(
      rung,
      status.exception?.detail ?? status.message ?? status.status,
      await tailOf(jobID, context),
    );
  const checks = await Promise.all(good.map((id) => checkOf(id, context)));
  const fault =
    faultOf(rung, checks) ??
    (rung.name === 'store' ? await storedFault(jobID, checks[0]!, context) : undefined);
  if (fault !== undefined) throw failed(rung, `${fault} (job ${jobID})`);
  return performance.now() - began;
}

/** It is cancelled where it takes longer than it may. */
async function untilOver(id: string, rung: Rung, { server }: Context): Promise<StatusInfo> {
  const rhythm = new Rhythm(POLL_MS.first, POLL_MS.longest, server.signal);
  for (const end = performance.now() + rung.limitMs; ;) {
    const status = await statusOf(server, id);
    if (isOver(status.status)) return status;
    if (performance.now() > end) {
      await server.json(`/jobs/${id}`, { method: 'DELETE' });
      throw failed(rung, `Job ${id} was ${status.status} after ${rung.limitMs / 1000} s, and was cancelled.`);
    }
    await rhythm.wait();
  }
}

/** Values in a document are qualified. */
async function checkOf(id: string, { server }: Context): Promise<Check> {
  const document = await server.json<Record<string, { value?: unknown }>>(`/jobs/${id}/results`);
  return { report: document.report?.value } as Check;
}

async function storedFault(id: string, { report }: Check, { server }: Context): Promise<string | undefined> {
  const reply = await server.send(`/jobs/${id}/results/object`);
  const bytes = Buffer.from(await server.heard(reply.arrayBuffer()));
  const same =
    bytes.length === report!.size && createHash('sha256').update(bytes).digest('hex') === report!.sha256;
  return same ? undefined : `What comes back is not what was stored: ${bytes.length} bytes.`;
}

async function tailOf(id: string, { server }: Context): Promise<string[]> {
  const log = await server
    .send(`/jobs/${id}/logs`)
    .then((reply) => server.heard(reply.text()))
    .catch(() => '');
  return log.trim() === '' ? [] : log.trimEnd().split('\n').slice(-TAIL_LINES);
}

const failed = ({ name, hint }: Rung, why: string, details: string[] = []): Failure =>
  new Failure(EXIT.failed, `${name}: ${why}`, { details: [...details, hint] });
