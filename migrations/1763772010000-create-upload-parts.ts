import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** Uploads that come in parts, and what their senders say about them. */
export class CreateUploadParts1763772010000 implements MigrationInterface {
  name = 'CreateUploadParts1763772010000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'upload-parts');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table upload_parts');
    await runner.query('alter table uploads drop column description');
  }
}
