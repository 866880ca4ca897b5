/**
 * Two servers on one database, clients of every kind, and something goes wrong every second: a server is killed, one is
 * stopped for longer than its lease and goes on, or all its connections to the database are cut. What the clients saw must
 * fit the promises. HONUA_FAULT_SECONDS makes it longer (`npm run test:faults`).
 */
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withClient } from '../../launcher/private-cluster.ts';
import { type FaultRig, openFaultRig, readLedger } from './fault-rig.js';
import { type Kind, Witness, type Witnessed } from './witness.js';

const SECONDS = Number(process.env.HONUA_FAULT_SECONDS ?? 12);
const CLIENTS = 8;
/** More than the lease of 3 s: the stopped server's runs are taken over before it goes on. */
const STOPPED_MS = 4_500;
const KINDS: Kind[] = ['sync', 'async', 'async', 'cancel', 'cut'];

let rig: FaultRig;
beforeEach(async () => {
  rig = await openFaultRig(2);
});
afterEach(() => rig.close());

const cutConnections = (): Promise<unknown> =>
  withClient(rig.superUrl, (client) =>
    client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name like 'honua%' and pid <> pg_backend_pid()`,
    ),
  );

/** One after the other, so that at least one server is there at any time. */
const FAULTS: Record<string, () => Promise<unknown>> = {
  'kill a server': () => rig.killAndRestart(Math.random() < 0.5 ? 0 : 1),
  'stop a server past its lease': async () => {
    const { process: child } = rig.servers[Math.random() < 0.5 ? 0 : 1]!;
    child.kill('SIGSTOP');
    await pause(STOPPED_MS);
    child.kill('SIGCONT');
  },
  'cut the database connections': cutConnections,
};

it(
  `${SECONDS} s of faults break no promise`,
  async () => {
    const witness = new Witness(() => rig.servers.map(({ url }) => url));
    const end = performance.now() + SECONDS * 1_000;
    const names = Object.keys(FAULTS);
    const faults: string[] = [];
    // Each fault at least once, however slow the machine.
    const goesOn = (): boolean => performance.now() < end || faults.length < names.length;
    const seen: Witnessed[] = [];
    const client = async (name: number): Promise<void> => {
      for (let n = 0; goesOn(); n++) {
        const kind = KINDS[Math.floor(Math.random() * KINDS.length)]!;
        seen.push(await witness.follow(`nonce-${name}-${n}-end`, kind, Math.random() * 0.4));
      }
    };
    const havoc = async (): Promise<void> => {
      for (let n = 0; goesOn(); n++) {
        await pause(500 + Math.random() * 500);
        const name = names[n % names.length]!;
        faults.push(name);
        await FAULTS[name]!();
      }
    };
    await Promise.all([havoc(), ...Array.from({ length: CLIENTS }, (_, name) => client(name))]);
    await pause(4_000); // a stopped server that goes on late has had time to do its worst
    for (const run of seen) await witness.lookAgain(run);

    expect(seen.filter(({ breaches }) => breaches.length > 0)).toEqual([]);
    expect(new Set(faults).size).toBe(3);
    const ledger = await readLedger(rig.superUrl);
    expect(ledger).toMatchObject({ runs: seen.length, terminal: seen.length, endedTwice: 0 });
    const ends = Object.groupBy(seen, ({ statuses }) => statuses.at(-1)!);
    expect(ends.failed ?? []).toEqual([]);
    process.stdout.write(
      `faults: ${faults.length}, runs: ${seen.length}, of these ${ends.dismissed?.length ?? 0} dismissed, ` +
        `${ledger.retried} run again, ${ledger.mostAttempts} attempts at most\n`,
    );
  },
  (SECONDS + 120) * 1_000,
);
