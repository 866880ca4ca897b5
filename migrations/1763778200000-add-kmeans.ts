import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** Clusters around means, in PostGIS. */
export class AddKmeans1763778200000 implements MigrationInterface {
  name = 'AddKmeans1763778200000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'procedure-cluster-kmeans');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop function honua_gp.cluster_kmeans(jsonb), honua_gp.kmeans_seeds(float8[], float8[], int, int),
         honua_gp.kmeans_settle(float8[], float8[], int[]),
         honua_gp.kmeans_nearest(float8[], float8[], float8[], float8[])`,
    );
  }
}
