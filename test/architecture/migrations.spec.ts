import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { MIGRATIONS } from '../../src/database/migrate.js';

const FOLDER = resolve(import.meta.dirname, '../../migrations');

it('every migration is run, in the order of their names', () => {
  const files = readdirSync(FOLDER)
    .filter((name) => /^\d+-.*\.ts$/.test(name))
    .sort();
  const classes = files.map(
    (name) => /export class (\w+)/.exec(readFileSync(join(FOLDER, name), 'utf8'))![1],
  );
  expect(MIGRATIONS.map(({ name }) => name)).toEqual(classes);
});

it('every statement of the folder is used by a migration', () => {
  const used = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(FOLDER, name), 'utf8'))
    .join('\n');
  const unused = readdirSync(join(FOLDER, 'sql'))
    .map((name) => name.replace(/\.sql$/, ''))
    .filter((name) => !used.includes(`'${name}'`));
  expect(unused).toEqual([]);
});
