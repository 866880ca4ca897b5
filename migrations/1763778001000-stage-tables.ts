import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** Tables of the database as inputs of procedures, checked as what comes with a request. */
export class StageTables1763778001000 implements MigrationInterface {
  name = 'StageTables1763778001000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'stage-tables');
  }

  /** What stands in place of the older function does the same. */
  async down(): Promise<void> {}
}
