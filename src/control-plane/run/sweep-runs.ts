import type { EntityManager } from 'typeorm';
import { toRun } from './hydrate.js';
import type { ProcessRun } from './process-run.entity.js';
import { runWindow } from './run-window.js';

/**
 * Requeues or ends runs whose lease or deadline has passed, mends the lanes' hints and wakes every lane with something
 * waiting. One process at a time; answers the runs it moved. Runs as the system.
 */
export async function sweepRuns(manager: EntityManager, maxLost: number): Promise<ProcessRun[]> {
  const { floor, ceil } = runWindow();
  const rows = (await manager.query('select * from sweep_runs($1, $2, $3)', [
    floor,
    ceil,
    maxLost,
  ])) as Record<string, unknown>[];
  return rows.map(toRun);
}
