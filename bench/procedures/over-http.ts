import type { Client } from 'pg';
import { submit, statusOf } from '../rig.ts';

/** How a run went: the tier's own time, and all from the request to the end of the run, in milliseconds. */
export interface Finished {
  tierMs: number;
  wholeMs: number;
  features: number;
}

/** Has a process run by one tier alone; what it did not do, and why, is told as text. */
export async function overHttp(
  { url, ledger, limitMs }: { url: string; ledger: Client; limitMs: number },
  process: string,
  body: string,
): Promise<Finished | string> {
  const began = Date.now();
  const job = await submit(url, process, body);
  for (;;) {
    const { status, finished } = await statusOf(job);
    if (status === 'successful') return read(ledger, job, Date.parse(finished!) - began);
    if (status === 'failed' || status === 'dismissed') return whyNot(ledger, job);
    if (Date.now() - began > limitMs) {
      await fetch(job, { method: 'DELETE' });
      return `not done in ${limitMs / 1_000} s`;
    }
    await new Promise((resolve) => setTimeout(resolve, Date.now() - began < 2_000 ? 5 : 100));
  }
}

const idOf = (job: string): string => job.slice(-36);

async function read(ledger: Client, job: string, wholeMs: number): Promise<Finished> {
  const { rows } = await ledger.query<{ ms: number; features: number }>(
    `select (e.data->'usage'->>'wallMs')::float8 as ms, (r.outputs->0->>'features')::int as features
       from process_run_events e join process_runs r on r.id = e.run_id where e.run_id = $1 and e.kind = 'succeeded'`,
    [idOf(job)],
  );
  return { tierMs: rows[0]!.ms, wholeMs, features: rows[0]!.features };
}

async function whyNot(ledger: Client, job: string): Promise<string> {
  const { rows } = await ledger.query<{ why: string }>(
    `select coalesce(failure->>'message', message, state) as why from process_runs where id = $1`,
    [idOf(job)],
  );
  return rows[0]!.why;
}
