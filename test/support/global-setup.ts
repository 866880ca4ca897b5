import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findPostgres } from '../../launcher/find-database.ts';
import { findPython, installWorker } from '../../launcher/install-worker.ts';
import { ensureDatabase, openCluster } from '../../launcher/private-cluster.ts';
import { installMoto } from './install-moto.ts';

/**
 * A private cluster for this test run alone: real PostgreSQL with PostGIS, fsync off, removed at the end. Tests reach
 * it through TEST_DATABASE_URL (the service's ordinary login, an empty database with PostGIS) and TEST_SUPER_URL.
 */
export default async function setup(): Promise<() => Promise<void>> {
  // Tests that need the worker, or what stands in for AWS, wait for it; whether it can be had is for them to say.
  if (await findPython()) {
    void installWorker(resolve(import.meta.dirname, '../..')).catch(() => {});
    void installMoto().catch(() => {});
  }
  const binaries = await findPostgres();
  const folder = mkdtempSync(join(tmpdir(), 'honua-test-'));
  chmodSync(folder, 0o711); // as root, the server runs as another user, who must get to what is its own in there
  const options = [
    '-c fsync=off',
    '-c synchronous_commit=on',
    '-c full_page_writes=off',
    '-c max_connections=300',
  ];
  const cluster = await openCluster(binaries, folder, options);
  process.env.TEST_SUPER_URL = cluster.superUrl;
  process.env.TEST_DATABASE_URL = await ensureDatabase(cluster, 'honua_test', binaries.postgis);
  return async () => {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
