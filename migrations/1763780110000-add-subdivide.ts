import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** Features in pieces of few vertices, in PostGIS. */
export class AddSubdivide1763780110000 implements MigrationInterface {
  name = 'AddSubdivide1763780110000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'procedure-subdivide');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function honua_gp.subdivide(jsonb)');
  }
}
