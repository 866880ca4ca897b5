import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** An operator may take a tier out of service, on every server at once. */
export class SwitchTiers1763776100000 implements MigrationInterface {
  name = 'SwitchTiers1763776100000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'switch-tiers');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table drained_tiers');
  }
}
