import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { RunInput } from '../../execution/index.js';
import { AppError } from '../../shared/app-error.js';
import { firstRun } from './hydrate.js';
import type { ProcessRun } from './process-run.entity.js';

/** What must be the same for a request to be the same request. */
export const bodyHash = (processId: string, { surface, mediaType, payload }: RunInput): string =>
  createHash('sha256')
    .update(JSON.stringify([processId, surface, mediaType, payload.sha256]))
    .digest('hex');

export const keyMismatch = (): AppError =>
  new AppError(
    'mismatch',
    'idempotency-key-reused',
    'The idempotency key was used before with another request.',
  );

/** The run that an earlier request with this key made. Throws AppError `mismatch`. Runs as the system. */
export async function findKeyedRun(
  manager: EntityManager,
  tenant: string,
  { key, bodyHash }: { key: string; bodyHash: string },
): Promise<ProcessRun | undefined> {
  const [known] = (await manager.query(
    'select body_hash, run_id from idempotency_keys where tenant_id = $1 and key = $2',
    [tenant, key],
  )) as { body_hash: string; run_id: string }[];
  if (!known) return undefined;
  if (known.body_hash !== bodyHash) throw keyMismatch();
  return firstRun(await manager.query('select * from process_runs where id = $1', [known.run_id]));
}
