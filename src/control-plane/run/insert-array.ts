import type { EntityManager } from 'typeorm';
import { toColumns, toRun } from './hydrate.js';
import { type Inserted, insertRun, type NewRun, type SlotRules } from './insert-run.js';
import type { ProcessRun } from './process-run.entity.js';

/** Statements of this many rows each: one for all would need the memory of all at once, twice. */
const ROWS_AT_ONCE = 500;

export type NewChild = Pick<NewRun, 'run' | 'input'>;

/**
 * Records an array run and its children, all or nothing; once per idempotency key. Answers the run of the whole. Runs as
 * the system.
 */
export function insertArray(
  manager: EntityManager,
  parent: NewRun,
  children: NewChild[],
  rules: SlotRules,
): Promise<Inserted> {
  return manager.transaction(async (one) => {
    const inserted = await insertRun(one, parent, rules);
    if (inserted.outcome !== 'inserted') return inserted;
    let run: ProcessRun = inserted.run;
    for (let at = 0; at < children.length; at += ROWS_AT_ONCE) {
      const some = children.slice(at, at + ROWS_AT_ONCE);
      const [row] = (await one.query('select * from insert_children($1, $2, $3)', [
        run.id,
        JSON.stringify(some.map((child) => toColumns(child.run))),
        some.map(({ input }) => (input ? Buffer.from(input) : null)),
      ])) as [Record<string, unknown>];
      run = toRun(row);
    }
    return { outcome: 'inserted', run };
  });
}
