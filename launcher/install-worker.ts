import { createHash, generateKeyPairSync } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run } from './command.ts';
import { Hint } from './say.ts';
import { takeTurn } from './take-turn.ts';

const OLDEST = [3, 11] as const;
const NAMES = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11'];
const QUIETLY = ['--quiet', '--disable-pip-version-check', '--no-input'];

/** A Python that the worker runs on. Undefined where there is none. */
export async function findPython(): Promise<string | undefined> {
  const wanted = `import sys, venv; sys.exit(sys.version_info < (${OLDEST.join(', ')}))`;
  for (const name of NAMES) {
    const works = await run(name, ['-c', wanted]).then(
      () => true,
      () => false,
    );
    if (works) return name;
  }
  return undefined;
}

/**
 * Installs the Python worker into an environment of the project, unless what is there is of these sources, and signs the
 * manifest of its scripts by a key that nobody has afterwards. Answers the environment's folder. Throws Hint without Python.
 */
export async function installWorker(root: string): Promise<string> {
  const python = await findPython();
  if (!python) throw new Hint(`There is no Python ${OLDEST.join('.')} or later on this machine.`);
  const source = join(root, 'workers', 'python');
  const environment = join(source, '.venv');
  const stamp = join(environment, 'honua', 'installed');
  const release = await takeTurn(join(source, '.installing'));
  try {
    const wanted = hashOf(source, commandsOf(root)) + (await run(python, ['--version'])).trim();
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return environment;
    rmSync(join(environment, 'honua'), { recursive: true, force: true }); // approved no more
    if (!existsSync(join(environment, 'bin', 'pip'))) await run(python, ['-m', 'venv', environment]);
    const pip = (...args: string[]): Promise<string> =>
      run(join(environment, 'bin', 'pip'), ['install', ...QUIETLY, ...args]);
    await pip('--require-hashes', '-r', join(source, 'requirements.lock'));
    await pip('--no-deps', '--force-reinstall', source);
    await approve(environment, commandsOf(root));
    writeFileSync(stamp, wanted);
    return environment;
  } finally {
    release();
  }
}

/** Puts the commands of a folder beside the worker, and signs what it may run from now on. */
export async function approve(environment: string, commands: string): Promise<void> {
  const folder = join(environment, 'honua');
  mkdirSync(folder, { recursive: true });
  if (existsSync(commands)) cpSync(commands, join(folder, 'commands'), { recursive: true });
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const secret = join(folder, 'signing-key.pem');
  writeFileSync(secret, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  try {
    writeFileSync(join(folder, 'worker-key.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
    const args = ['manifest', '--image', 'local', '--sign', secret, '--out', folder];
    await run(join(environment, 'bin', 'honua-worker'), args);
  } finally {
    rmSync(secret, { force: true });
  }
}

/** Programs that know nothing of the worker are installed with it: what was signed is what is run. */
const commandsOf = (root: string): string => join(root, 'workers', 'commands');

function hashOf(source: string, commands: string): string {
  const hash = createHash('sha256');
  const names = readdirSync(join(source, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.py'))
    .map((name) => join('src', name));
  for (const name of [...names.sort(), 'pyproject.toml', 'requirements.lock'])
    hash.update(name).update(readFileSync(join(source, name)));
  for (const entry of existsSync(commands) ? filesOf(commands) : [])
    hash.update(entry).update(readFileSync(join(commands, entry)));
  return hash.digest('hex');
}

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
