import type { EntityManager } from 'typeorm';
import { guarded } from '../run/guarded.js';

const RECORD = guarded(
  `updated_at = clock_timestamp(), event_seq = r.event_seq + 1 where r.id = $1`,
  `'callback-failed'`,
  `jsonb_build_object('message', $2::text, 'uri', $3::text, 'of', $4::int)`,
);

/** Writes into the ledger of a run that a subscriber could not be told. Runs as the system. */
export async function recordFailedCallback(
  manager: EntityManager,
  runId: string,
  { message, uri, seq }: { message: string; uri: string; seq: number },
): Promise<void> {
  await manager.query(RECORD, [runId, message, uri, seq]);
}
