/** What the pages of docs/how-to say is done to a copy of the project, which then has their processes. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadDefinition } from '../../src/registry/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { executeSync } from '../support/ogc-client.js';
import { spawnServer, type SpawnedServer } from '../support/spawned-server.js';

const root = resolve(import.meta.dirname, '../..');
const PARTS = [
  'src',
  'migrations',
  'processes',
  'config',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
];

let folder: string;
let database: TestDatabase;
let server: SpawnedServer | undefined;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'honua-how-to-'));
  for (const part of PARTS) cpSync(join(root, part), join(folder, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  database = await createTestDatabase();
  for (const page of PAGES) {
    const written = steps(page);
    expect(written.map(({ path }) => path)).toHaveLength(4);
    written.forEach(follow);
  }
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: folder, stdio: 'pipe' });
  cpSync(join(folder, 'migrations/sql'), join(folder, 'dist/migrations/sql'), { recursive: true });
  if (existsSync(join(root, 'dist/src/pages')))
    cpSync(join(root, 'dist/src/pages'), join(folder, 'dist/src/pages'), { recursive: true });
  server = await spawnServer({ DATABASE_URL: database.url }, folder);
}, 180_000);
afterAll(async () => {
  await server?.stop('SIGTERM');
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** The page's code, each with the file it is for. */
function steps(name: string): { path: string; code: string }[] {
  const page = readFileSync(join(root, 'docs/how-to', name), 'utf8');
  return [...page.matchAll(/^`([^`\n]+)`:\n\n```\w+\n([\s\S]*?)^```/gm)].map(([, path, code]) => ({
    path: path!,
    code: code!,
  }));
}

/** A new file is written; of a table, imports go to the top and the others in front of its first line. */
function follow({ path, code }: { path: string; code: string }): void {
  const file = join(folder, path);
  if (!existsSync(file)) return writeFileSync(file, code);
  const lines = code.split('\n').filter((line) => line !== '');
  const imports = lines.filter((line) => line.startsWith('import '));
  const entries = lines.filter((line) => !line.startsWith('import '));
  const table = readFileSync(file, 'utf8').replace(/^((?:export )?const .* = [[{])$/m, (start) =>
    [start, ...entries].join('\n'),
  );
  return writeFileSync(file, [...imports, table].join('\n'));
}

const PAGES = ['add-a-process.md', 'add-a-postgis-process.md'];

it.each(PAGES)('following %s gives a process that does what its example says', async (page) => {
  const { path, code } = steps(page).find((one) => one.path.endsWith('.yaml'))!;
  const { definition } = loadDefinition(path, code).entry!;
  const [example] = definition.examples;
  const outputs = (await executeSync(server!.url, definition.id, {
    inputs: example!.inputs,
    response: 'document',
  })) as any;
  const [feature] = (outputs.result.value ?? outputs.result).features;
  expect(feature.geometry.type).toBe(example!.expect.geometryType);
  expect(feature.properties).toMatchObject(example!.expect.properties!);
});
