import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.ts';
import { step } from './say.ts';

const SOURCES = ['src', 'migrations', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];

/** Compiles to `dist/` unless what is there is newer than every source. */
export async function ensureBuilt(root: string): Promise<void> {
  const built = join(root, 'dist', 'src', 'main.js');
  if (existsSync(built) && statSync(built).mtimeMs > newest(SOURCES.map((name) => join(root, name)))) return;
  await step('Build', () => run('npm', ['run', 'build'], { cwd: root }));
}

function newest(paths: string[]): number {
  const times = paths.map((path) => {
    const found = statSync(path);
    return found.isDirectory() ? newest(readdirSync(path).map((name) => join(path, name))) : found.mtimeMs;
  });
  return Math.max(0, ...times);
}
