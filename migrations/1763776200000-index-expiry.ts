import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** Runs whose bytes a policy lets go are found without reading all of them. */
export class IndexExpiry1763776200000 implements MigrationInterface {
  name = 'IndexExpiry1763776200000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'index-expiry');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index process_runs_artifacts_until');
  }
}
