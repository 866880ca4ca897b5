import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** Runs, their ledger and payloads, the queue on them, and the roles that may touch them. */
export class CreateRuns1763769600000 implements MigrationInterface {
  // TypeORM keeps this name; a minifier would change the class's own.
  name = 'CreateRuns1763769600000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'roles', 'tables', 'partitions', 'row-security');
    await runSql(runner, 'mark-lane', 'claim-run', 'insert-run', 'requeue-runs', 'tenant-reads');
    await runSql(runner, 'grants');
    await runner.query('select ensure_partitions(3)');
  }

  async down(): Promise<void> {
    throw new Error('The first migration has no way back: drop the database.');
  }
}
