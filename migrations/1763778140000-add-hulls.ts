import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** Concave hulls and smallest circles, in PostGIS. */
export class AddHulls1763778140000 implements MigrationInterface {
  name = 'AddHulls1763778140000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'procedure-hulls');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop function honua_gp.concave_hull(jsonb), honua_gp.minimum_bounding_circle(jsonb),
         honua_gp.circle(float8, float8, float8, int), honua_gp.has_versions(int[], int[])`,
    );
  }
}
