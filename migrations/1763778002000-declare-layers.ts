import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** Layers that operators declare while the service runs. */
export class DeclareLayers1763778002000 implements MigrationInterface {
  name = 'DeclareLayers1763778002000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'declared-layers');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table layers, layer_history');
  }
}
