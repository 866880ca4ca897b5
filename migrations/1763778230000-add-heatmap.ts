import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** Densities of points, in PostGIS. */
export class AddHeatmap1763778230000 implements MigrationInterface {
  name = 'AddHeatmap1763778230000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'procedure-heatmap');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function honua_gp.heatmap(jsonb)');
  }
}
