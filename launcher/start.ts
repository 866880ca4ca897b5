/**
 * `npm start`: everything a fresh machine lacks, then the server. The server itself (`node dist/src/main.js`) needs
 * only DATABASE_URL; what is done here is for people who have none yet.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { ensureBuilt } from './build.ts';
import { findPostgres } from './find-database.ts';
import { installWorker } from './install-worker.ts';
import { ensureDatabase, openCluster, type PrivateCluster } from './private-cluster.ts';
import { Hint, say, step } from './say.ts';
import { stateFolder } from './state-folder.ts';

const root = resolve(import.meta.dirname, '..');
const WELCOME_AFTER_MS = 90_000;

interface Database {
  url: string;
  cluster?: PrivateCluster;
}

async function openDatabase(): Promise<Database> {
  const given = process.env['DATABASE_URL'];
  if (given) {
    const { host, pathname } = new URL(given);
    say(`Database: DATABASE_URL, ${host}${pathname}`);
    return { url: given };
  }
  const binaries = await findPostgres();
  const folder = join(stateFolder(), 'postgres');
  const cluster = await step(`Database: starting it, data in ${folder}`, () => openCluster(binaries, folder));
  if (!cluster.startedHere) say('Database: it was still running and is taken over');
  return { url: await ensureDatabase(cluster, 'honua', binaries.postgis), cluster };
}

async function main(): Promise<number> {
  const began = performance.now();
  const database = await openDatabase();
  try {
    await ensureBuilt(root);
    say('Server: starting ...');
    const server = spawn(process.execPath, ['--enable-source-maps', join(root, 'dist/src/main.js')], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: {
        HONUA_LOG_LEVEL: 'warn',
        Processing__ArtifactStore__Folder: join(stateFolder(), 'artifacts'),
        ...(process.env['Ledger__Key'] ? {} : { Ledger__KeyFile: join(stateFolder(), 'ledger.key') }),
        ...process.env,
        DATABASE_URL: database.url,
      },
    });
    // A terminal sends Ctrl-C to the whole group; a service manager sends SIGTERM to this process alone.
    process.on('SIGINT', () => {});
    process.on('SIGTERM', () => server.kill('SIGTERM'));
    const slow = setTimeout(() => say('Server: still starting; see the log above'), WELCOME_AFTER_MS);
    server.once('message', ({ url }: { url: string }) => {
      clearTimeout(slow);
      welcome(url, (performance.now() - began) / 1000);
      void prepareWorker();
    });
    const [code] = (await once(server, 'exit')) as [number | null];
    clearTimeout(slow);
    return code ?? 0;
  } finally {
    if (database.cluster) await step('Database: stopping it', () => database.cluster!.stop());
  }
}

/** Behind the server, which finds the worker when it is there: nobody waits for processes that he may not want. */
async function prepareWorker(): Promise<void> {
  if (/^false$/i.test(process.env['Processing__Tier3Enabled'] ?? '') || process.env['HONUA_NO_INSTALL'])
    return;
  try {
    await step('Python worker', () => installWorker(root));
  } catch (error) {
    say(`Python worker: not there, so its processes cannot be run. ${(error as Error).message}`);
  }
}

function welcome(url: string, seconds: number): void {
  say(`Ready in ${seconds.toFixed(1)} s`);
  say(`  Landing page  ${url}/`);
  say(`  Swagger UI    ${url}/api`);
  say('  Try:');
  process.stdout.write(`
curl -s -X POST ${url}/processes/buffer/execution -H 'Content-Type: application/json' \\
  -d '{"inputs":{"features":{"type":"Point","coordinates":[-157.86,21.31]},"distance":{"value":5,"unit":"kilometers"}}}'

`);
  say('Ctrl-C stops the server and its database; the next start finds its data.');
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof Hint)) throw error;
  say(error.message);
  process.exitCode = 1;
}
