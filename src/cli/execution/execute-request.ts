import { randomUUID } from 'node:crypto';
import { EXIT } from '../exit-codes.js';
import type { ArrayEntry } from '../array/read-entries.js';
import { Failure, isAway } from '../failure.js';
import type { StatusInfo } from '../server/documents.js';
import { linksOf } from '../results/link-header.js';
import type { Server } from '../server/server.js';
import { Patience } from '../watching/patience.js';

/** The body of an execute request, as far as the command writes it. */
export interface ExecuteBody {
  inputs: Record<string, unknown>;
  outputs?: Record<string, object>;
  response?: 'raw' | 'document';
  array?: ArrayEntry[];
  maxFailures?: number;
}

/** An execute request as it goes over the wire, but for the credential. */
export interface ExecuteRequest {
  method: 'POST';
  path: string;
  headers: Record<string, string>;
  body: ExecuteBody;
}

/**
 * `async`: a job that goes on by itself. Otherwise the answer comes when the run is over, without its results: they are
 * fetched in the form that is wanted, as those of a job.
 */
export const executeRequest = (
  processID: string,
  body: ExecuteBody,
  mode: 'sync' | 'async',
): ExecuteRequest => ({
  method: 'POST',
  path: `/processes/${encodeURIComponent(processID)}/execution`,
  headers: {
    'content-type': 'application/json',
    accept: 'application/json, application/problem+json',
    prefer: mode === 'async' ? 'respond-async' : 'return=minimal',
    // Asked twice, because the answer was lost, it is the same job. A run that is waited for ends with its caller instead.
    ...(mode === 'async' && { 'idempotency-key': randomUUID() }),
  },
  body,
});

export interface Started {
  jobID: string;
  /** Its run has ended, and has results. */
  over: boolean;
  /** What the server said of it, if it did. */
  status?: StatusInfo;
}

/** Throws Failure, also for a run that was waited for and failed. */
export async function execute(request: ExecuteRequest, server: Server): Promise<Started> {
  const reply = await sendSafely(request, server);
  const text = await server.heard(reply.text());
  const status = reply.status === 201 && text !== '' ? (JSON.parse(text) as StatusInfo) : undefined;
  const job = reply.headers.get('location') ?? monitorOf(reply);
  const jobID = status?.jobID ?? job?.split(/[?#]/)[0]!.split('/').filter(Boolean).at(-1);
  if (jobID === undefined)
    throw new Failure(EXIT.failed, `The server at ${server.url} answered ${reply.status} and names no job.`);
  return { jobID: decodeURIComponent(jobID), over: reply.status !== 201, ...(status && { status }) };
}

/** Where the answer got lost, a request with a key is sent again: nobody could say else whether there is a job now. */
async function sendSafely({ path, body, ...request }: ExecuteRequest, server: Server): Promise<Response> {
  const patience = new Patience(server.patienceMs, server.signal);
  const sent = { ...request, body: JSON.stringify(body) };
  for (let lost = false; ; lost = true) {
    try {
      return await server.send(path, sent);
    } catch (error) {
      const again = request.headers['idempotency-key'] !== undefined && (lost || isCut(error));
      if (!again || !isAway(error)) throw error;
      await patience.lost(error);
    }
  }
}

const CUT = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** There was a connection, and it ended before the answer. */
function isCut(error: unknown): boolean {
  for (let found = error; found instanceof Error; found = found.cause)
    if (CUT.has((found as NodeJS.ErrnoException).code ?? '')) return true;
  return false;
}

const monitorOf = (reply: Response): string | undefined =>
  linksOf(reply.headers.get('link') ?? '').find(({ rel }) => rel === 'monitor')?.href;
