import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { run } from './command.ts';

const quiet = { DEBIAN_FRONTEND: 'noninteractive' };

/** Whether this machine has apt and we may use it: as root, or by sudo without a password. */
export async function canInstall(): Promise<boolean> {
  if (!existsSync('/usr/bin/apt-get')) return false;
  if (userInfo().uid === 0) return true;
  return run('sudo', ['-n', 'true']).then(
    () => true,
    () => false,
  );
}

/** Installs PostgreSQL with PostGIS from the distribution's own packages. */
export async function installPostgis(): Promise<void> {
  await apt('update', '-qq');
  await apt('install', '-y', '-qq', '--no-install-recommends', 'postgresql', 'postgresql-postgis');
}

function apt(...args: string[]): Promise<string> {
  if (userInfo().uid === 0) return run('apt-get', args, { env: quiet });
  return run('sudo', ['-n', 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args]);
}
