import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import type { StatusInfo } from '../server/documents.js';
import { linksOf } from '../results/link-header.js';
import type { Server } from '../server/server.js';

/** The body of an execute request, as far as the command writes it. */
export interface ExecuteBody {
  inputs: Record<string, unknown>;
  outputs?: Record<string, object>;
  response?: 'raw' | 'document';
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
export async function execute({ path, body, ...request }: ExecuteRequest, server: Server): Promise<Started> {
  const reply = await server.send(path, { ...request, body: JSON.stringify(body) });
  const text = await server.heard(reply.text());
  const status = reply.status === 201 && text !== '' ? (JSON.parse(text) as StatusInfo) : undefined;
  const job = reply.headers.get('location') ?? monitorOf(reply);
  const jobID = status?.jobID ?? job?.split(/[?#]/)[0]!.split('/').filter(Boolean).at(-1);
  if (jobID === undefined)
    throw new Failure(EXIT.failed, `The server at ${server.url} answered ${reply.status} and names no job.`);
  return { jobID: decodeURIComponent(jobID), over: reply.status !== 201, ...(status && { status }) };
}

const monitorOf = (reply: Response): string | undefined =>
  linksOf(reply.headers.get('link') ?? '').find(({ rel }) => rel === 'monitor')?.href;
