import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** Files that tenants have sent ahead, to be named by any number of requests. */
export class CreateUploads1763771000000 implements MigrationInterface {
  name = 'CreateUploads1763771000000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'uploads');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table uploads');
  }
}
