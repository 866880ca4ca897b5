import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** Interpolation by inverse distances, in PostGIS. */
export class AddInterpolation1763778220000 implements MigrationInterface {
  name = 'AddInterpolation1763778220000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'procedure-interpolate');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop function honua_gp.interpolate_idw(jsonb),
         honua_gp.idw_at(float8, float8, int, float8[], float8[], float8[], float8, int, float8),
         honua_gp.weighted_mean(float8[], float8[], float8)`,
    );
  }
}
