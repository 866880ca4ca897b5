import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** Clusters by density and by distance, in PostGIS. */
export class AddClusters1763778000000 implements MigrationInterface {
  name = 'AddClusters1763778000000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'procedure-cluster');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function honua_gp.cluster(jsonb), honua_gp.with_member(text, text, json)');
  }
}
