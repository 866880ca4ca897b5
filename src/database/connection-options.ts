import type { PostgresDataSourceOptions } from 'typeorm/driver/postgres/PostgresDataSourceOptions.js';

/** The roles a pool can wear. They own nothing and cannot log in; the login user is a member of each. */
export type DatabaseRole = 'honua_app' | 'honua_system' | 'honua_tier2';

interface PoolSettings {
  poolSize: number;
  statementTimeoutMs: number;
}

/** A connection that waits longer than this for a free slot, or for the server, gives up. */
export const CONNECT_TIMEOUT_MS = 5_000;

/** Forgotten transactions hold locks and old row versions: the server ends them. */
export const IDLE_IN_TRANSACTION_MS = 60_000;

/**
 * The role is a startup option, so every connection of a pool has it from its first statement on and a single
 * statement stays a single round trip.
 */
export function poolOptions(
  url: string,
  role: DatabaseRole,
  settings: PoolSettings,
): PostgresDataSourceOptions {
  const options = [
    `-c role=${role}`,
    `-c statement_timeout=${settings.statementTimeoutMs}`,
    `-c idle_in_transaction_session_timeout=${IDLE_IN_TRANSACTION_MS}`,
  ];
  return {
    type: 'postgres',
    ...withStartupOptions(url, options),
    applicationName: 'honua',
    poolSize: settings.poolSize,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    installExtensions: false,
  };
}

/** The driver lets an `options` in the URL win over ours: take it out of there and put it first. */
export function withStartupOptions(
  url: string,
  options: string[],
): { url: string; extra: { options: string } } {
  const parsed = new URL(url);
  const own = parsed.searchParams.get('options');
  parsed.searchParams.delete('options');
  return { url: parsed.href, extra: { options: [...(own ? [own] : []), ...options].join(' ') } };
}
