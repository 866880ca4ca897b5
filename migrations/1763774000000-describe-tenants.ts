import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** A tenant has a name for people, and can be shut out. */
export class DescribeTenants1763774000000 implements MigrationInterface {
  name = 'DescribeTenants1763774000000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'describe-tenants');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table tenants drop column title, drop column enabled, drop column created_at');
  }
}
