import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** Clusters have the geometries that were sent; what has no measure is left to tier 1. */
export class MeasurableInputs1763780100000 implements MigrationInterface {
  name = 'MeasurableInputs1763780100000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'measurable-inputs');
  }

  /** The procedures that stand in place of older ones do what those did. */
  async down(): Promise<void> {}
}
