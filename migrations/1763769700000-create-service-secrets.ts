import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** Secrets that the replicas of one service make themselves and share, such as the one that signs artifact links. */
export class CreateServiceSecrets1763769700000 implements MigrationInterface {
  name = 'CreateServiceSecrets1763769700000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'service-secrets');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table service_secrets');
  }
}
