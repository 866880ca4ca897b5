import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** One place for what procedures say to longitude and latitude. */
export class RequirePlane1763778239000 implements MigrationInterface {
  name = 'RequirePlane1763778239000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'plane-only');
  }

  /** The procedures that call it do the same as before. */
  async down(): Promise<void> {}
}
