import type { EntityManager } from 'typeorm';
import { firstRun } from './hydrate.js';
import type { ProcessRun } from './process-run.entity.js';

/**
 * Lets a run that waits for approval go to its lane, or ends it. Undefined: it does not wait for approval. Runs as the
 * system.
 */
export async function decideRun(
  manager: EntityManager,
  id: string,
  { approve, who, reason }: { approve: boolean; who: string; reason?: string },
): Promise<ProcessRun | undefined> {
  return firstRun(
    await manager.query('select * from decide_run($1, $2, $3, $4)', [id, approve, who, reason ?? null]),
  );
}
