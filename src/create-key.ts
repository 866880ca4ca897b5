import 'reflect-metadata';
import { loadConfig } from './config/index.js';
import { Database, migrate, Notifications } from './database/index.js';
import { ApiKeys, Tenants } from './identity/index.js';
import type { Scope } from './shared/principal.js';

const SCOPES = ['read', 'execute', 'admin'];
const USAGE = 'Usage: create-key <tenant> <user> <scopes, parted by commas: read, execute, admin>\n';

const [tenant, user, listed = ''] = process.argv.slice(2);
const scopes = listed.split(',').filter(Boolean);
if (!tenant || !user || scopes.length === 0 || !scopes.every((one) => SCOPES.includes(one))) {
  process.stderr.write(USAGE);
  process.exit(2);
}

/** Makes a key beside the server, with nothing but its database: the first one, or one after all were lost. */
async function create(tenantId: string, owner: string): Promise<string> {
  const config = loadConfig('config');
  const { url, statementTimeout } = config.database;
  if (!url) throw new Error('DATABASE_URL is not set.');
  await migrate(url);
  const database = await Database.open({ url, poolSize: 2, statementTimeoutMs: statementTimeout });
  try {
    const silent = new Notifications(url);
    await new Tenants(database, silent).enter(tenantId);
    const keys = new ApiKeys(config, database, silent);
    await keys.onModuleInit();
    return (await keys.create({ tenant: tenantId, user: owner, scopes: scopes as Scope[] })).key;
  } finally {
    await database.close();
  }
}

try {
  process.stdout.write(`${await create(tenant, user)}\n`);
} catch (error) {
  process.stderr.write(`honua  ${(error as Error).message}\n`);
  process.exit(1);
}
