import type { EntityManager } from 'typeorm';
import { type ArrayCounts, countChildren } from './array-children.js';
import { guarded } from './guarded.js';
import { firstRun } from './hydrate.js';
import type { ProcessRun } from './process-run.entity.js';
import { cancelChildren } from './request-cancel.js';
import { runWindow } from './run-window.js';

const OPEN = `id = $1 and array_size is not null and state = 'running'`;

const FINISH = guarded(
  `state = $2, completed_at = clock_timestamp(), updated_at = clock_timestamp(), failure = $3, message = $4,
   progress = case $2 when 'succeeded' then 100 else r.progress end, event_seq = r.event_seq + 1
   where r.${OPEN}`,
  '$2',
  '$5::jsonb',
);

const PROGRESS = guarded(
  `progress = greatest(r.progress, $2::smallint), message = $3, updated_at = clock_timestamp(),
   started_at = coalesce(r.started_at, clock_timestamp()), event_seq = r.event_seq + 1
   where r.${OPEN} and (r.progress < $2::smallint or r.started_at is null)`,
  `'progressed'`,
  `jsonb_build_object('progress', m.progress, 'message', m.message)`,
);

/** What changed: the array, where it did, and children that were ended because of it. */
export interface SettledArray {
  run?: ProcessRun;
  cancelled: ProcessRun[];
}

/**
 * Brings an array run to where its children are: its progress; the end of the rest, where it was cancelled or too many have
 * failed; its own end, once they all have ended. Runs as the system; as often as one likes, by any server.
 */
export function settleArray(manager: EntityManager, id: string): Promise<SettledArray> {
  return manager.transaction(async (one) => {
    const array = firstRun(await one.query(`select * from process_runs where ${OPEN} for update`, [id]));
    if (!array) return { cancelled: [] };
    let counts = await countChildren(one, array);
    const tooMany = array.maxFailures !== null && counts.failed > array.maxFailures;
    let cancelled: ProcessRun[] = [];
    if ((tooMany || array.cancelRequestedAt) && counts.queued + counts.running > 0) {
      cancelled = await cancelChildren(
        one,
        id,
        tooMany ? 'Too many runs of its array have failed.' : undefined,
      );
      if (cancelled.length > 0) counts = await countChildren(one, array);
    }
    const over = counts.queued + counts.running === 0;
    return { run: await (over ? finish(one, array, counts) : progress(one, array, counts)), cancelled };
  });
}

/** Arrays that have not ended. Runs as the system. */
export async function findOpenArrays(manager: EntityManager): Promise<string[]> {
  const { floor, ceil } = runWindow();
  const rows = (await manager.query(
    `select id from process_runs where array_size is not null and state = 'running' and id >= $1 and id < $2`,
    [floor, ceil],
  )) as { id: string }[];
  return rows.map(({ id }) => id);
}

async function finish(
  manager: EntityManager,
  { id, cancelRequestedAt, maxFailures }: ProcessRun,
  counts: ArrayCounts,
): Promise<ProcessRun | undefined> {
  const { succeeded, failed, cancelled, costUnits } = counts;
  const lost = failed + cancelled;
  const bad = succeeded === 0 || lost > (maxFailures ?? 0);
  const state = cancelRequestedAt ? 'cancelled' : bad ? 'failed' : 'succeeded';
  const failure = state === 'failed' ? { reason: 'children-failed', message: sentence(counts) } : null;
  return firstRun(
    await manager.query(FINISH, [
      id,
      state,
      failure && JSON.stringify(failure),
      sentence(counts),
      JSON.stringify({ ...failure, succeeded, failed, cancelled, costUnits }),
    ]),
  );
}

async function progress(
  manager: EntityManager,
  { id }: ProcessRun,
  counts: ArrayCounts & { percent: number },
): Promise<ProcessRun | undefined> {
  if (counts.queued === counts.size) return undefined;
  return firstRun(await manager.query(PROGRESS, [id, Math.min(counts.percent, 99), sentence(counts)]));
}

function sentence({ size, succeeded, failed, cancelled }: ArrayCounts): string {
  const parts = [`${succeeded} of ${size} runs succeeded`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (cancelled > 0) parts.push(`${cancelled} ${cancelled === 1 ? 'was' : 'were'} cancelled`);
  return `${parts.join(', ')}.`;
}
