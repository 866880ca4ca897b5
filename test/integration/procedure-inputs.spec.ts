/** What a process says it takes, its procedure has to look at: an input that no SQL names would be taken for nothing. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withClient } from '../../launcher/private-cluster.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { shippedProcess } from '../support/tier-harness.js';

/** Read after the procedure, by what gives its features out. */
const OF_THE_OUTPUT = ['outputCrs', 'coordinatePrecision'];

const processes = readdirSync(join(import.meta.dirname, '../../processes'))
  .filter((file) => file.endsWith('.yaml'))
  .map(shippedProcess)
  .flatMap(({ id, inputs, handlers }) => {
    const procedure = handlers.postgis?.procedure as string | undefined;
    const isMeasure = Object.values(inputs).some(({ type }) => type === 'length' || type === 'area');
    // The unit of a measure is in the measure when it gets to the procedure.
    const names = Object.keys(inputs).filter(
      (name) => !OF_THE_OUTPUT.includes(name) && !(name === 'unit' && isMeasure),
    );
    return procedure ? [{ id, procedure, names }] : [];
  });

let database: TestDatabase;
let definitions: Map<string, string>;
beforeAll(async () => {
  database = await createTestDatabase();
  const { rows } = await withClient(database.url, (client) =>
    client.query<{ name: string; definition: string }>(
      `select p.proname as name, string_agg(pg_get_functiondef(p.oid), chr(10)) as definition
         from pg_proc p where p.pronamespace = 'honua_gp'::regnamespace and p.prokind = 'f' group by 1`,
    ),
  );
  definitions = new Map(rows.map(({ name, definition }) => [name, definition]));
});
afterAll(() => database.drop());

/** The SQL of a function and of all of ours that it calls. */
function sqlOf(name: string, seen = new Set<string>()): string {
  const definition = definitions.get(name);
  if (definition === undefined || seen.has(name)) return '';
  seen.add(name);
  const called = [...definition.matchAll(/honua_gp\.(\w+)\s*\(/g)].map(([, one]) => one!);
  return [definition, ...called.map((one) => sqlOf(one, seen))].join('\n');
}

it('there are processes to look at', () => expect(processes.length).toBeGreaterThan(15));

it.each(processes)('$procedure names every input of $id', ({ procedure, names }) => {
  const sql = sqlOf(procedure);
  const unread = names.filter((name) => !new RegExp(`'${name}'|\\binput_${name}\\b`).test(sql));
  expect(unread).toEqual([]);
});

it('an input that is read nowhere would be found', () => {
  const sql = sqlOf('nearest');
  expect(sql).toContain("'prefix'"); // by a function that it calls
  expect(sql).not.toMatch(/'predicate'|\binput_join\b/);
});
