import { randomBytes } from 'node:crypto';
import { ensureDatabase, withClient } from '../../launcher/private-cluster.ts';
import { migrate } from '../../src/database/index.js';

export interface TestDatabase {
  /** The service's ordinary login; the schema is migrated. */
  url: string;
  superUrl: string;
  drop(): Promise<void>;
}

const TEMPLATE = 'honua_template';

/** A migrated database of its own for one test file: cloned from a template that the first caller makes. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const superUrl = process.env.TEST_SUPER_URL!;
  const name = `honua_${randomBytes(6).toString('hex')}`;
  await withClient(superUrl, async (client) => {
    await client.query('select pg_advisory_lock(4711)');
    const made = await client.query('select 1 from pg_database where datname = $1', [TEMPLATE]);
    if (made.rowCount === 0) await makeTemplate(superUrl);
    await client.query(`create database ${name} template ${TEMPLATE} owner honua`);
  });
  const url = new URL(process.env.TEST_DATABASE_URL!);
  url.pathname = `/${name}`;
  const ownSuperUrl = new URL(superUrl);
  ownSuperUrl.pathname = `/${name}`;
  return {
    url: url.href,
    superUrl: ownSuperUrl.href,
    drop: () =>
      withClient(superUrl, async (client) => {
        await client.query(`drop database if exists ${name} with (force)`);
      }),
  };
}

/** Built under another name first, so that a failed migration leaves no half template behind. */
async function makeTemplate(superUrl: string): Promise<void> {
  const draft = `${TEMPLATE}_draft`;
  await withClient(superUrl, (client) => client.query(`drop database if exists ${draft} with (force)`));
  const cluster = { superUrl, startedHere: false, stop: async () => {} };
  await migrate(await ensureDatabase(cluster, draft, true));
  await withClient(superUrl, (client) => client.query(`alter database ${draft} rename to ${TEMPLATE}`));
}
