import type { Client } from 'pg';

const KEY = 4242;

/** Holds one kind of write to runs up, so that whoever makes it can be met, and ended, in the middle of it. */
export interface HeldWrites {
  /** Resolves when somebody has come to it and waits. */
  met(): Promise<void>;
  /** Lets it go; whoever waited is gone first, with its write undone. */
  release(): Promise<void>;
}

const WRITES = {
  /** It takes the run from the queue. */
  claim: { of: 'state', when: `new.state = 'running' and old.state = 'queued'` },
  /** Everything is laid out; the name of the job is being written down. */
  handle: { of: 'tier_handle', when: 'new.tier_handle is not null' },
  /** The job was submitted; that is being written down. */
  entrust: { of: 'worker', when: 'new.worker is null and new.tier_handle is not null' },
  /** The job has ended; what came of it is being written down. */
  outcome: { of: 'state', when: `new.state in ('succeeded', 'failed', 'cancelled')` },
} as const;

export type HeldWrite = keyof typeof WRITES;

/** On a connection that stays open until the release, of somebody who may make triggers. */
export async function holdWrites(client: Client, write: HeldWrite): Promise<HeldWrites> {
  const { of, when } = WRITES[write];
  await client.query(`select pg_advisory_lock(${KEY})`);
  await client.query(`
    create or replace function held_write() returns trigger language plpgsql security definer as
      $$ begin perform pg_advisory_xact_lock_shared(${KEY}); return new; end $$;
    create trigger held_write before update of ${of} on process_runs for each row when (${when})
      execute function held_write()`);
  const waiting = `select pid from pg_locks where locktype = 'advisory' and objid = ${KEY} and not granted`;
  return {
    met: async () => {
      for (const end = Date.now() + 20_000; ;) {
        if ((await client.query(waiting)).rowCount) return;
        if (Date.now() > end) throw new Error(`Nobody came to the ${write}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    release: async () => {
      // Whoever waited behind the first comes to it once that is gone.
      const end = `select pg_terminate_backend(pid, 5000) from (${waiting}) as waiters`;
      for (let alone = 0; alone < 5; alone++) {
        if ((await client.query(end)).rowCount) alone = 0;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await client.query('select pg_advisory_unlock_all()');
      await client.query('drop trigger held_write on process_runs');
    },
  };
}
