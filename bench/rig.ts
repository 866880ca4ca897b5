import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPostgres } from '../launcher/find-database.ts';
import { ensureDatabase, openCluster } from '../launcher/private-cluster.ts';
import { type SpawnedServer, spawnServer } from '../test/support/spawned-server.ts';

export interface Rig {
  server: SpawnedServer;
  databaseUrl: string;
  superUrl: string;
}

/** The built server on a PostgreSQL of its own with its durability settings untouched; both gone afterwards. */
export async function withRig<T>(
  settings: Record<string, string>,
  work: (rig: Rig) => Promise<T>,
): Promise<T> {
  const binaries = await findPostgres();
  const folder = mkdtempSync(join(tmpdir(), 'honua-bench-'));
  chmodSync(folder, 0o711); // as root, the server runs as another user, who must get to what is its own in there
  const cluster = await openCluster(binaries, join(folder, 'postgres'), [
    '-c max_connections=200',
    '-c max_wal_size=4GB',
  ]);
  try {
    const databaseUrl = await ensureDatabase(cluster, 'honua', binaries.postgis);
    const server = await spawnServer({
      DATABASE_URL: databaseUrl,
      Processing__ArtifactStore__Folder: join(folder, 'artifacts'),
      ...settings,
    });
    const superUrl = new URL(cluster.superUrl);
    superUrl.pathname = '/honua';
    try {
      return await work({ server, databaseUrl, superUrl: superUrl.href });
    } finally {
      await server.stop('SIGTERM');
    }
  } finally {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Nearest-rank percentile. */
export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))]!;
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

export const print = (name: string, figure: string): void => {
  process.stdout.write(`${name.padEnd(58)} ${figure}\n`);
};

/** Submits asynchronously and returns the job's URL. */
export async function submit(url: string, process: string, body: string): Promise<string> {
  const reply = await fetch(`${url}/processes/${process}/execution`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'respond-async' },
    body,
  });
  if (reply.status !== 201) throw new Error(`${reply.status} ${await reply.text()}`);
  await reply.arrayBuffer();
  return new URL(new URL(reply.headers.get('location')!).pathname, url).href;
}

export async function statusOf(
  job: string,
): Promise<{ status: string; created: string; started?: string; finished?: string }> {
  return (await fetch(job)).json() as Promise<{ status: string; created: string }>;
}

export async function untilFinished(job: string, limitMs: number): Promise<string> {
  const end = performance.now() + limitMs;
  for (;;) {
    const { status } = await statusOf(job);
    if (status !== 'accepted' && status !== 'running') return status;
    if (performance.now() > end) throw new Error(`${job} did not finish in ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
