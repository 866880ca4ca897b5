import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import { run } from './command.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { Hint } from './say.ts';
import { reachableBy, serverUser, type ServerUser } from './state-folder.ts';

/** A PostgreSQL of our own: loopback only, password kept beside the data, readable by its owner alone. */
export interface PrivateCluster {
  /** Connection URL of the superuser, for the database `postgres`. */
  superUrl: string;
  /** False: it was found running, left by a start that was killed. */
  startedHere: boolean;
  stop(): Promise<void>;
}

interface Settings {
  port: number;
  password: string;
}

/** Makes the cluster in `folder` if there is none, starts it if it does not run, adopts it if it does. */
export async function openCluster(
  binaries: PostgresBinaries,
  folder: string,
  serverOptions: string[] = [],
): Promise<PrivateCluster> {
  const user = await serverUser();
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const programs = await reachableBy(user, binaries.folder, folder);
  const data = join(folder, 'data');
  const settingsFile = join(folder, 'cluster.json');
  if (!existsSync(join(data, 'PG_VERSION'))) await create(programs, folder, user);
  const settings = JSON.parse(readFileSync(settingsFile, 'utf8')) as Settings;
  checkVersion(data, binaries);

  const pgCtl = (...args: string[]) =>
    run(join(programs, 'pg_ctl'), ['-D', data, ...args], { ...user, cwd: folder });
  const runs = await pgCtl('status').then(
    () => true,
    () => false,
  );
  if (!runs) {
    settings.port = await usablePort(settings.port);
    writePrivate(settingsFile, JSON.stringify(settings));
    const options = [
      `-p ${settings.port}`,
      '-c listen_addresses=127.0.0.1',
      "-c unix_socket_directories=''",
      ...serverOptions,
    ];
    await pgCtl('start', '-w', '-t', '60', '-l', join(data, 'server.log'), '-o', options.join(' '));
  }
  const superUrl = `postgresql://postgres:${settings.password}@127.0.0.1:${settings.port}/postgres`;
  return {
    superUrl,
    startedHere: !runs,
    stop: async () => {
      await pgCtl('stop', '-w', '-m', 'fast');
    },
  };
}

async function create(programs: string, folder: string, user: ServerUser | undefined): Promise<void> {
  const data = join(folder, 'data');
  const password = randomBytes(18).toString('base64url');
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { mode: 0o700 });
  const passwordFile = join(data, '..', 'password');
  writePrivate(passwordFile, password);
  if (user) {
    chownSync(data, user.uid, user.gid);
    chownSync(passwordFile, user.uid, user.gid);
  }
  const options = [
    '-U',
    'postgres',
    '-A',
    'scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
    '--locale=C',
  ];
  try {
    await run(join(programs, 'initdb'), ['-D', data, ...options], { ...user, cwd: folder });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  writePrivate(join(folder, 'cluster.json'), JSON.stringify({ port: 0, password } satisfies Settings));
}

function checkVersion(data: string, binaries: PostgresBinaries): void {
  const major = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  if (binaries.version.split('.')[0] === major) return;
  throw new Hint(
    `The data in ${data} is of PostgreSQL ${major}, the programs found are ${binaries.version}. ` +
      `Install PostgreSQL ${major}, or set DATABASE_URL.`,
  );
}

function writePrivate(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 });
  chmodSync(file, 0o600);
}

/** The port used last time if it is still free, else any free one. */
async function usablePort(last: number): Promise<number> {
  return (last && (await probe(last))) || (await probe(0))!;
}

function probe(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const { port: bound } = server.address() as { port: number };
      server.close(() => resolve(bound));
    });
  });
}

/**
 * A database owned by an ordinary login that may make roles, as the service needs it and no more. PostGIS is not a
 * trusted extension, so the superuser installs it here. Returns the login's connection URL.
 */
export async function ensureDatabase(
  cluster: PrivateCluster,
  name: string,
  postgis: boolean,
): Promise<string> {
  const url = new URL(cluster.superUrl);
  const password = url.password;
  await withClient(cluster.superUrl, async (client) => {
    const role = await client.query('select 1 from pg_roles where rolname = $1', ['honua']);
    if (role.rowCount === 0) {
      await client.query(`create role honua login createrole password ${client.escapeLiteral(password)}`);
    }
    const database = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (database.rowCount === 0)
      await client.query(`create database ${client.escapeIdentifier(name)} owner honua`);
  });
  url.pathname = `/${name}`;
  if (postgis) await withClient(url.href, (client) => client.query('create extension if not exists postgis'));
  url.username = 'honua';
  return url.href;
}

export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
