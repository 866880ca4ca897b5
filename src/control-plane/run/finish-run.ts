import type { EntityManager } from 'typeorm';
import type { HonuaConfig } from '../../config/index.js';
import type { AttemptRef, RunFailure, RunMessage, Usage } from '../../execution/index.js';
import { guarded, WITH_WAITING_LANES } from './guarded.js';
import { toRun } from './hydrate.js';
import type { ProcessRun, StoredOutput } from './process-run.entity.js';

/** How an attempt ended, with its results already stored or small enough to be stored with it. */
export type Ending = { usage: Usage; messages: RunMessage[] } & (
  | { state: 'succeeded'; outputs: StoredOutput[]; inline: Map<string, Uint8Array> }
  | { state: 'failed'; failure: Pick<RunFailure, 'reason' | 'message'> }
);

/** Cost units of what was used, on each tier. */
export type Prices = HonuaConfig['cost'];

export interface FinishedRun {
  run: ProcessRun;
  /** Lanes where the tenant has something waiting for the slot that is free now. */
  waitingLanes: string[];
}

/** Of the request and the results. */
const BYTES = `((r.input ->> 'size')::bigint + $12::bigint)`;

const FINISH = guarded(
  `state = $3, completed_at = clock_timestamp(), updated_at = clock_timestamp(), lease_until = null,
   progress = case $3 when 'succeeded' then 100 else r.progress end, outputs = $4, failure = $5,
   result_artifact_uri = $6, cpu_ms = $10, wall_ms = $11, bytes = ${BYTES},
   cost_units = cost_of($13::jsonb, r.tier, $10::float8, $11::float8, ${BYTES}), event_seq = r.event_seq + 1
   where r.id = $1 and r.attempt = $2 and r.state = 'running' and r.cancel_requested_at is null`,
  '$3',
  `$7::jsonb || jsonb_build_object('tier', m.tier, 'definition', m.definition_hash, 'input', m.input ->> 'sha256',
                                   'costUnits', m.cost_units)`,
  `, kept as (
     insert into process_run_outputs (run_id, output_id, tenant_id, bytes)
     select m.id, o.id, m.tenant_id, o.bytes from moved m, unnest($8::text[], $9::bytea[]) as o (id, bytes))
   ${WITH_WAITING_LANES}`,
);

const FINISH_CANCELLED = guarded(
  `state = 'cancelled', completed_at = clock_timestamp(), updated_at = clock_timestamp(), lease_until = null,
   cpu_ms = $4, wall_ms = $5, cost_units = cost_of($6::jsonb, r.tier, $4::float8, $5::float8, 0), event_seq = r.event_seq + 1
   where r.id = $1 and r.attempt = $2 and r.state = 'running' and r.cancel_requested_at is not null`,
  `'cancelled'`,
  `jsonb_build_object('usage', $3::jsonb)`,
  WITH_WAITING_LANES,
);

type Row = Record<string, unknown> & { waiting_lanes: string[] | null };

const toFinished = (row: Row | undefined): FinishedRun | undefined =>
  row && { run: toRun(row), waitingLanes: row.waiting_lanes ?? [] };

/**
 * Ends a running attempt, with its ledger line and its small results, in one statement. Undefined: it had lost its run,
 * or somebody wants it cancelled, and nothing was written. Runs as the system.
 */
export async function finishRun(
  manager: EntityManager,
  { runId, attempt }: AttemptRef,
  ending: Ending,
  prices: Prices,
): Promise<FinishedRun | undefined> {
  const succeeded = ending.state === 'succeeded' ? ending : undefined;
  const failure = ending.state === 'failed' ? ending.failure : null;
  const { usage, messages } = ending;
  const ledger = succeeded
    ? { outputs: succeeded.outputs.map(({ id, size, sha256 }) => ({ id, size, sha256 })), usage, messages }
    : { ...failure, usage, messages };
  const inline = [...(succeeded?.inline ?? [])];
  const rows = (await manager.query(FINISH, [
    runId,
    attempt,
    ending.state,
    succeeded ? JSON.stringify(succeeded.outputs) : null,
    failure && JSON.stringify(failure),
    succeeded?.outputs.find(({ key }) => key)?.key ?? null,
    JSON.stringify(ledger),
    inline.map(([id]) => id),
    inline.map(([, bytes]) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
    usage.cpuMs,
    usage.wallMs,
    succeeded?.outputs.reduce((sum, { size }) => sum + size, 0) ?? 0,
    JSON.stringify(prices),
  ])) as Row[];
  return toFinished(rows[0]);
}

/** Ends a running attempt whose work has stopped after a cancel. Undefined as for `finishRun`. */
export async function finishCancelled(
  manager: EntityManager,
  { runId, attempt }: AttemptRef,
  usage: Usage,
  prices: Prices,
): Promise<FinishedRun | undefined> {
  const rows = (await manager.query(FINISH_CANCELLED, [
    runId,
    attempt,
    JSON.stringify(usage),
    usage.cpuMs,
    usage.wallMs,
    JSON.stringify(prices),
  ])) as Row[];
  return toFinished(rows[0]);
}
