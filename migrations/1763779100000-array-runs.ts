import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runSql } from './run-sql.js';

/** One process over many inputs: a run with other runs for its parts. */
export class ArrayRuns1763779100000 implements MigrationInterface {
  name = 'ArrayRuns1763779100000';

  async up(runner: QueryRunner): Promise<void> {
    await runSql(runner, 'array-runs');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function insert_children(uuid, jsonb, bytea[])');
    await runner.query('alter table process_runs drop constraint process_runs_lease');
    await runner.query(
      `alter table process_runs drop column array_size, drop column max_failures, drop column child_label,
       add constraint process_runs_check check ((state = 'running') = (lease_until is not null)) not valid`,
    );
    await runner.query('drop index process_runs_children');
  }
}
