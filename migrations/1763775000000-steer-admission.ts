import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** Limits and policies of tenants, claims within them by resource class, budgets, and runs that wait for approval. */
export class SteerAdmission1763775000000 implements MigrationInterface {
  name = 'SteerAdmission1763775000000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'tenant-rules', 'run-rules', 'spending');
    await runSql(
      runner,
      'claim-run-by-class',
      'insert-run-within-limits',
      'requeue-runs-by-class',
      'admission-grants',
    );
  }

  async down(): Promise<void> {
    throw new Error('Runs that were admitted under these rules cannot go back: restore the database.');
  }
}
