import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** A keyed chain over the ledger, so that a line changed, moved, added or taken away is found. */
export class SealLedger1763776000000 implements MigrationInterface {
  name = 'SealLedger1763776000000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'seal-ledger');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function droppable_partitions(timestamptz)');
    await runner.query('drop function rebase_ledger()');
    await runner.query('drop table ledger_blocks');
    await runner.query('alter table process_run_events drop column xid');
  }
}
