import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** A run that has a subscriber queues what is to be told with each of its moves, in the move's own transaction. */
export class TellSubscribers1763770500000 implements MigrationInterface {
  name = 'TellSubscribers1763770500000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'tell-subscribers');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop trigger tell_subscriber_of_start on process_runs');
    await runner.query('drop trigger tell_subscriber_of_move on process_runs');
    await runner.query('drop function tell_subscriber()');
    await runner.query('drop table callback_queue');
  }
}
