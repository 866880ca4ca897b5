import { execFile } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { findPython, installWorker } from '../../launcher/install-worker.ts';

export const root = resolve(import.meta.dirname, '../..');

/** For hooks that wait for an installation, which a slow network and a busy machine draw out. */
export const INSTALL_LIMIT_MS = 300_000;

/** The Python that processes of the cloud-batch tier can be run by; undefined on a machine that has none. */
export const python = await findPython();

/** Resolves when the worker is there, with the folder of its environment. */
export const workerReady = (): Promise<string> => installWorker(root);

/** An environment of its own that has the libraries of the installed one: in a moment, and to be changed as one likes. */
export async function layeredWorker(folder: string): Promise<string> {
  const installed = await workerReady();
  await promisify(execFile)(join(installed, 'bin/python'), ['-m', 'venv', '--without-pip', folder]);
  const packages = (environment: string): string => {
    const [version] = readdirSync(join(environment, 'lib'));
    return join(environment, 'lib', version!, 'site-packages');
  };
  writeFileSync(join(packages(folder), 'installed.pth'), `${packages(installed)}\n`);
  const program = `#!${join(folder, 'bin/python')}\nimport sys\nfrom honua_worker.cli import main\nsys.exit(main())\n`;
  writeFileSync(join(folder, 'bin/honua-worker'), program, { mode: 0o755 });
  return folder;
}
