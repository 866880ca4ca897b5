import type { EntityManager } from 'typeorm';
import type { Database } from '../../database/index.js';
import { AppError } from '../../shared/app-error.js';
import { isUuidV7 } from '../../shared/uuid-v7.js';
import { firstRun } from './hydrate.js';
import type { ProcessRun } from './process-run.entity.js';

export async function findRun(manager: EntityManager, id: string): Promise<ProcessRun | undefined> {
  if (!isUuidV7(id)) return undefined;
  return firstRun(await manager.query('select * from process_runs where id = $1', [id]));
}

/** A tenant's run in one round trip. Throws as `requireRun` does. */
export async function readRun(database: Database, tenant: string, id: string): Promise<ProcessRun> {
  if (!isUuidV7(id)) return requireRun(undefined, id);
  const rows = await database.readOnce<Record<string, unknown>>('select * from read_run($1, $2)', [
    tenant,
    id,
  ]);
  return requireRun(firstRun(rows), id);
}

/** The run, unless it never was, is another tenant's (both AppError `not-found`) or was dismissed (`gone`). */
export function requireRun(run: ProcessRun | undefined, id: string): ProcessRun {
  if (!run) throw new AppError('not-found', 'run-not-found', `There is no run '${id.slice(0, 64)}'.`);
  if (run.dismissedAt) throw new AppError('gone', 'run-dismissed', 'The run was dismissed.');
  return run;
}
