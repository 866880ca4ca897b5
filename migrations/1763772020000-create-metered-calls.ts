import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** What tenants ask for without a run, counted. */
export class CreateMeteredCalls1763772020000 implements MigrationInterface {
  name = 'CreateMeteredCalls1763772020000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'metered-calls');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table metered_calls');
  }
}
