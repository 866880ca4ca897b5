/** That a cancel amid work in GEOS takes the statement with it and nothing else: on a cluster of its own, as it may fall. */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findPostgres } from '../../launcher/find-database.ts';
import {
  ensureDatabase,
  openCluster,
  type PrivateCluster,
  withClient,
} from '../../launcher/private-cluster.ts';
import { WorkSessions } from '../../src/database/index.js';

const SESSIONS = 120;
const AT_ONCE = 4;
const WORK =
  'select sum(st_area(st_buffer(st_makepoint(a, b), 1, 32))) from generate_series(1, 9999) a, generate_series(1, 9999) b';

let folder: string;
let cluster: PrivateCluster;
let url: string;
beforeAll(async () => {
  const binaries = await findPostgres();
  folder = mkdtempSync(join(tmpdir(), 'honua-cancelled-'));
  chmodSync(folder, 0o711);
  cluster = await openCluster(binaries, folder, ['-c fsync=off']);
  url = await ensureDatabase(cluster, 'cancelled', true);
});
afterAll(async () => {
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The first statement of a new session is cancelled; answers what is said of it. */
async function cancelled(after: number): Promise<string> {
  const sessions = WorkSessions.open(url, { size: 1, name: 'cancelled' });
  try {
    return await sessions.run(
      {},
      () => {},
      async (session) => {
        const [{ pid }] = (await session.query<{ pid: number }>('select pg_backend_pid() as pid')) as [
          { pid: number },
        ];
        const ending = session.query(WORK).then(
          () => 'finished',
          ({ code }: { code?: string }) => code ?? 'no code',
        );
        await pause(after);
        await withClient(url, (client) => client.query('select pg_cancel_backend($1)', [pid]));
        return ending;
      },
    );
  } finally {
    await sessions.close();
  }
}

it('cancels the first geometry of a session without harm to any other', { retry: 0 }, async () => {
  const lanes = Array.from({ length: AT_ONCE }, async () => {
    const codes: string[] = [];
    for (let each = 0; each < SESSIONS / AT_ONCE; each++) codes.push(await cancelled(20 + 2 * each));
    return codes;
  });
  const codes = (await Promise.all(lanes)).flat();
  const log = readFileSync(join(folder, 'data', 'server.log'), 'utf8');
  expect(log).not.toMatch(/terminated by signal/);
  expect(new Set(codes)).toEqual(new Set(['57014']));
});
