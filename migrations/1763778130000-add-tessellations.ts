import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** Cells around points and triangles between them, in PostGIS. */
export class AddTessellations1763778130000 implements MigrationInterface {
  name = 'AddTessellations1763778130000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'procedure-tessellate');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop function honua_gp.voronoi(jsonb), honua_gp.delaunay(jsonb), honua_gp.stage_sites()',
    );
  }
}
