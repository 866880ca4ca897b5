import { readFileSync } from 'node:fs';
import type { QueryRunner } from 'typeorm';

/** Runs files of `migrations/sql`, in order; they lie beside this file in the sources and in the build. */
export async function runSql(runner: QueryRunner, ...names: string[]): Promise<void> {
  for (const name of names)
    await runner.query(readFileSync(new URL(`./sql/${name}.sql`, import.meta.url), 'utf8'));
}
