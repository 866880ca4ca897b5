import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** Grids of squares and of hexagons, in PostGIS. */
export class AddGrids1763778210000 implements MigrationInterface {
  name = 'AddGrids1763778210000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'procedure-grids');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop function honua_gp.square_grid(jsonb), honua_gp.hexagon_grid(jsonb), honua_gp.grid(jsonb, boolean),
         honua_gp.cell_geojson(float8, int, int, boolean), honua_gp.cells_over(float8[], float8, boolean, float8),
         honua_gp.cell_at(float8, float8, float8, boolean), honua_gp.raised(float8),
         honua_gp.check_attribute(text, text), honua_gp.attribute_number(text, text), honua_gp.extent(jsonb)`,
    );
  }
}
