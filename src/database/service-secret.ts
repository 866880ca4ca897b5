import { randomBytes } from 'node:crypto';
import type { Database } from './database.js';

const BYTES = 32;

/** A secret of the service by its name, the same for all replicas; whoever asks for it first makes it. */
export function serviceSecret(database: Database, name: string): Promise<Buffer> {
  return database.asSystem(async (manager) => {
    await manager.query('insert into service_secrets (name, value) values ($1, $2) on conflict do nothing', [
      name,
      randomBytes(BYTES),
    ]);
    const [row] = (await manager.query('select value from service_secrets where name = $1', [name])) as [
      { value: Buffer },
    ];
    return row.value;
  });
}
