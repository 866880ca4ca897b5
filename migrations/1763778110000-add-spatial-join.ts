import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** Joins by how features lie to each other, in PostGIS; what goes through unchanged is kept as it was given. */
export class AddSpatialJoin1763778110000 implements MigrationInterface {
  name = 'AddSpatialJoin1763778110000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'keep-given', 'procedure-spatial-join');
  }

  /** What stands in place of honua_gp.check_features does the same. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop function honua_gp.spatial_join(jsonb), honua_gp.merged(text[]), honua_gp.renamed(text, text[], text[]),
         honua_gp.joined_names(jsonb, text[]), honua_gp.given(text), honua_gp.require_flat(),
         honua_gp.as_given(anyelement)`,
    );
  }
}
