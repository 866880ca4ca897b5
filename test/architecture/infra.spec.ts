/** What is deployed on AWS is a package of its own, with its own lock and tests: they are run here, so that `npm test` is all. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const infra = resolve(import.meta.dirname, '../../infra');

const npm = async (...args: string[]): Promise<string> => {
  // Not the variables by which this run of vitest would be taken for that one.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')));
  const options = { cwd: infra, env, timeout: 240_000, maxBuffer: 2 ** 24 };
  const { stdout } = await promisify(execFile)('npm', args, options).catch(
    (error: Error & { stdout?: string }) => {
      throw new Error(`${error.message}\n${error.stdout ?? ''}`, { cause: error });
    },
  );
  return stdout;
};

interface Lock {
  packages: Record<string, { version: string }>;
}

/** Whether what is installed is what the lock says. */
function isInstalled(): boolean {
  const installed = join(infra, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  const versions = (file: string): string[] =>
    Object.entries((JSON.parse(readFileSync(file, 'utf8')) as Lock).packages)
      .filter(([path]) => path !== '')
      .map(([path, { version }]) => `${path} ${version}`);
  return versions(installed).join() === versions(join(infra, 'package-lock.json')).join();
}

it('passes its own checks and tests', async () => {
  if (!isInstalled()) await npm('ci', '--no-audit', '--no-fund');
  await npm('run', 'check');
  expect(await npm('test')).toMatch(/Tests .*\d+ passed/);
}, 300_000);
