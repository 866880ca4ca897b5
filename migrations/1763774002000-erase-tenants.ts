import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** Everything of a tenant can go, and its part of the ledger with it. */
export class EraseTenants1763774002000 implements MigrationInterface {
  name = 'EraseTenants1763774002000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'erase-tenants');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function erase_runs(text, uuid[])');
    await runner.query('revoke delete on tenants, api_keys, service_secrets from honua_system');
  }
}
