import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** The procedures of tier 2, in a schema of their own. They stand without PostGIS too, and work once it is there. */
export class CreateProcedures1763773000000 implements MigrationInterface {
  name = 'CreateProcedures1763773000000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'procedures', 'procedure-inputs', 'attempt-backends');
    await runSql(
      runner,
      'procedure-dissolve',
      'procedure-buffer',
      'procedure-union',
      'procedure-cut',
      'procedure-line-merge',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema honua_gp cascade');
  }
}
