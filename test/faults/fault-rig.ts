import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDatabase, withClient } from '../../launcher/private-cluster.ts';
import { type SpawnedServer, spawnServer } from '../support/spawned-server.js';

/** Short enough that recovery is seen in seconds; the ratios are those of the defaults. */
const QUICK_LEASES = {
  Scheduling__Lease: '3s',
  Scheduling__RenewEvery: '1s',
  Scheduling__SweepEvery: '500ms',
  Scheduling__MaxLostAttempts: '10',
};

export interface FaultRig {
  /** Two of them share the data where two were asked for. */
  servers: SpawnedServer[];
  /** The first one. */
  readonly server: SpawnedServer;
  superUrl: string;
  /** Folder of the artifact store. */
  artifacts: string;
  /** SIGKILL, then a new server on the same data. */
  killAndRestart(index?: number): Promise<void>;
  /** One more on the same data. */
  addServer(): Promise<void>;
  close(): Promise<void>;
}

/** Built servers as processes of their own, on a database and an artifact folder that outlive them. */
export async function openFaultRig(count = 1, settings: Record<string, string> = {}): Promise<FaultRig> {
  const name = `honua_faults_${randomBytes(4).toString('hex')}`;
  const superUrl = process.env.TEST_SUPER_URL!;
  const url = await ensureDatabase({ superUrl, startedHere: false, stop: async () => {} }, name, true);
  const artifacts = mkdtempSync(join(tmpdir(), 'honua-faults-'));
  const env = {
    DATABASE_URL: url,
    Processing__ArtifactStore__Folder: artifacts,
    ...QUICK_LEASES,
    ...settings,
  };
  const own = new URL(superUrl);
  own.pathname = `/${name}`;
  const rig: FaultRig = {
    servers: await Promise.all(Array.from({ length: count }, () => spawnServer(env))),
    get server() {
      return this.servers[0]!;
    },
    superUrl: own.href,
    artifacts,
    killAndRestart: async (index = 0) => {
      await rig.servers[index]!.stop('SIGKILL');
      rig.servers[index] = await spawnServer(env);
    },
    addServer: async () => void rig.servers.push(await spawnServer(env)),
    close: async () => {
      await Promise.all(rig.servers.map((server) => server.stop('SIGKILL')));
      await withClient(superUrl, (client) => client.query(`drop database if exists ${name} with (force)`));
      rmSync(artifacts, { recursive: true, force: true });
    },
  };
  return rig;
}

export interface LedgerSummary {
  runs: number;
  terminal: number;
  /** Runs with more than one terminal entry in the ledger. */
  endedTwice: number;
  mostAttempts: number;
  retried: number;
}

/** What the database says, past the API. */
export async function readLedger(superUrl: string): Promise<LedgerSummary> {
  return withClient(superUrl, async (client) => {
    const { rows } = await client.query<LedgerSummary>(`
      with ends as (
        select run_id, count(*) as entries from process_run_events
        where kind in ('succeeded', 'failed', 'cancelled') group by 1)
      select count(*)::int as runs,
             count(*) filter (where state in ('succeeded', 'failed', 'cancelled'))::int as terminal,
             count(*) filter (where ends.entries > 1)::int as "endedTwice",
             max(attempt)::int as "mostAttempts",
             count(*) filter (where attempt > 1)::int as retried
      from process_runs left join ends on ends.run_id = process_runs.id`);
    return rows[0]!;
  });
}
