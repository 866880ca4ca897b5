import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** Vertices on a grid, in PostGIS. */
export class AddSnapToGrid1763780120000 implements MigrationInterface {
  name = 'AddSnapToGrid1763780120000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'procedure-snap-to-grid');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function honua_gp.snap_to_grid(jsonb)');
  }
}
