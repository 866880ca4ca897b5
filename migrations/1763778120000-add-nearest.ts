import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** Nearest neighbours, in PostGIS. */
export class AddNearest1763778120000 implements MigrationInterface {
  name = 'AddNearest1763778120000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'procedure-nearest');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function honua_gp.nearest(jsonb), honua_gp.neighbours(int, float8)');
  }
}
