import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** Simpler areas with common borders, in PostGIS where its version has them. */
export class AddCoverageSimplify1763780130000 implements MigrationInterface {
  name = 'AddCoverageSimplify1763780130000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'procedure-coverage-simplify');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function honua_gp.coverage_simplify(jsonb)');
  }
}
