import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { userInfo, homedir } from 'node:os';
import { join } from 'node:path';
import { run } from './command.ts';

/** PostgreSQL refuses to run as root: its programs then run as this user. */
export interface ServerUser {
  name: string;
  uid: number;
  gid: number;
}

const isRoot = (): boolean => userInfo().uid === 0;

/** Where data lives between starts. As root it must be a place an unprivileged server user may enter. */
export function stateFolder(): string {
  const base = process.env['XDG_STATE_HOME'] ?? (isRoot() ? '/var/lib' : join(homedir(), '.local', 'state'));
  return join(base, 'honua-geoprocessing');
}

/** The user the database runs as: undefined is the caller, where that is not root. */
export async function serverUser(): Promise<ServerUser | undefined> {
  if (!isRoot()) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const ids = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]).catch(() => undefined);
    if (ids) return { name, uid: Number(ids[0]), gid: Number(ids[1]) };
  }
  return undefined;
}

/** Programs below a home that only root may enter are copied to where the server user can run them. */
export async function reachableBy(
  user: ServerUser | undefined,
  folder: string,
  copies: string,
): Promise<string> {
  if (!user) return folder;
  const reachable = await run('/bin/sh', ['-c', 'test -x "$0/postgres"', folder], user).then(
    () => true,
    () => false,
  );
  if (reachable) return folder;
  const target = join(copies, 'programs');
  if (!existsSync(join(target, 'bin', 'postgres'))) {
    mkdirSync(copies, { recursive: true });
    cpSync(join(folder, '..'), target, { recursive: true, verbatimSymlinks: true });
  }
  return join(target, 'bin');
}
