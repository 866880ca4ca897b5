import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** A run that a tier may have is not taken for lost because its server is. */
export class EntrustRuns1763779000000 implements MigrationInterface {
  name = 'EntrustRuns1763779000000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'entrust-runs');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index process_runs_tier_handle');
    await runSql(runner, 'requeue-runs-by-class');
  }
}
