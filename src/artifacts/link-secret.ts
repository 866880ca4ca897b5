import { randomBytes } from 'node:crypto';
import type { Database } from '../database/index.js';

const NAME = 'artifact-links';
const BYTES = 32;

/** The secret that signs artifact links, the same for all replicas; whoever starts first makes it. */
export function linkSecret(database: Database): Promise<Uint8Array> {
  return database.asSystem(async (manager) => {
    await manager.query('insert into service_secrets (name, value) values ($1, $2) on conflict do nothing', [
      NAME,
      randomBytes(BYTES),
    ]);
    const [row] = (await manager.query('select value from service_secrets where name = $1', [NAME])) as [
      { value: Buffer },
    ];
    return row.value;
  });
}
