import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** Keys that tenants' programs come in with, and the word to all replicas that somebody may not come in any more. */
export class CreateApiKeys1763774001000 implements MigrationInterface {
  name = 'CreateApiKeys1763774001000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'api-keys');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table api_keys');
    await runner.query('drop trigger tell_of_tenant on tenants');
    await runner.query('drop function tell_of_identity()');
  }
}
