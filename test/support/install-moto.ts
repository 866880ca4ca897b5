import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { run } from '../../launcher/command.ts';
import { findPython } from '../../launcher/install-worker.ts';
import { Hint } from '../../launcher/say.ts';
import { takeTurn } from '../../launcher/take-turn.ts';

const folder = resolve(import.meta.dirname, '../aws');
const environment = join(folder, '.venv');
const QUIETLY = ['--quiet', '--disable-pip-version-check', '--no-input'];

/** Installs what stands in for AWS in tests, unless it is there. Answers its Python. Throws Hint where there is none. */
export async function installMoto(): Promise<string> {
  const python = await findPython();
  if (!python) throw new Hint('There is no Python 3.11 or later on this machine.');
  const lock = join(folder, 'requirements.lock');
  const stamp = join(environment, 'installed');
  const inside = join(environment, 'bin', 'python');
  const release = await takeTurn(join(folder, '.installing'));
  try {
    const wanted = createHash('sha256').update(readFileSync(lock)).digest('hex');
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return inside;
    await run(python, ['-m', 'venv', environment]);
    await run(inside, ['-m', 'pip', 'install', ...QUIETLY, '--require-hashes', '-r', lock]);
    writeFileSync(stamp, wanted);
    return inside;
  } finally {
    release();
  }
}
