import { type ClientBase, Pool, type PoolClient } from 'pg';
import Cursor from 'pg-cursor';
import {
  CONNECT_TIMEOUT_MS,
  type DatabaseRole,
  IDLE_IN_TRANSACTION_MS,
  withStartupOptions,
} from './connection-options.js';

/** Rows that are fetched at once, at first; then as many as have so many characters. */
const BATCH = 100;
const MOST_ROWS = 5_000;
const BATCH_CHARACTERS = 1024 ** 2;
/** How soon the server notices that the process it works for is gone. */
const CONNECTION_CHECK_MS = 1_000;
const UNDEFINED_FUNCTION = '42883';

/** What the server says beside its answer. */
export interface Notice {
  severity: string;
  text: string;
}

export interface WorkSession {
  query<Row extends object>(statement: string, values?: unknown[]): Promise<Row[]>;
  /** The first column of each row, fetched as it is wanted. */
  column(statement: string, values?: unknown[]): AsyncGenerator<string | null>;
  /** What happens in it is done by the login user instead of the role of the session. */
  asLogin<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Connections of their own, in a role of its own, for work that is long or heavy. A session is one transaction, which is
 * always rolled back: its settings and its temporary tables end with it. All of it sees the data of one moment.
 */
export class WorkSessions {
  private readonly ready = new WeakSet<PoolClient>();

  private constructor(
    private readonly pool: Pool,
    private readonly role: DatabaseRole | undefined,
  ) {}

  /** Without a role: as the login user. */
  static open(
    url: string,
    { role, size, name }: { role?: DatabaseRole; size: number; name: string },
  ): WorkSessions {
    const { url: connectionString, extra } = withStartupOptions(url, [
      ...(role ? [`-c role=${role}`] : []),
      `-c client_connection_check_interval=${CONNECTION_CHECK_MS}`,
      `-c idle_in_transaction_session_timeout=${IDLE_IN_TRANSACTION_MS}`,
    ]);
    const pool = new Pool({
      connectionString,
      ...extra,
      max: size,
      application_name: name,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    });
    // A connection that dies idle is replaced when it is wanted.
    pool.on('error', () => {});
    return new WorkSessions(pool, role);
  }

  /** `settings` hold for the session alone. Throws what the driver throws; `code` is the SQLSTATE. */
  async run<T>(
    settings: Record<string, string>,
    onNotice: (notice: Notice) => void,
    work: (session: WorkSession) => Promise<T>,
  ): Promise<T> {
    const { session, leave } = await this.open(settings, onNotice);
    try {
      return await work(session);
    } finally {
      await leave();
    }
  }

  /** As `run`, for what is handed on piece by piece: the session lasts until the last one is taken. */
  async *stream<T>(
    settings: Record<string, string>,
    work: (session: WorkSession) => AsyncGenerator<T>,
  ): AsyncGenerator<T> {
    const { session, leave } = await this.open(settings, () => {});
    try {
      yield* work(session);
    } finally {
      await leave();
    }
  }

  private async open(
    settings: Record<string, string>,
    onNotice: (notice: Notice) => void,
  ): Promise<{ session: WorkSession; leave(): Promise<void> }> {
    const client = await this.pool.connect();
    const hear = ({ severity, message }: { severity?: string; message?: string }): void =>
      onNotice({ severity: severity ?? 'NOTICE', text: message ?? '' });
    client.on('notice', hear);
    let broken: Error | undefined;
    // Whose backend is ended hears of it more than once, also after it has left; unheard, an error ends the process.
    const ended = (error: Error): void => void (broken ??= error);
    client.on('error', ended);
    const leave = async (): Promise<void> => {
      client.off('notice', hear);
      if (!broken) await client.query('rollback').catch(ended);
      if (!broken) client.off('error', ended);
      client.release(broken);
    };
    try {
      if (!this.ready.has(client)) await loadPostgis(client);
      this.ready.add(client);
      await begin(client, settings);
    } catch (error) {
      await leave();
      throw error;
    }
    return { session: sessionOn(client, this.role), leave };
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

/**
 * PostGIS up to 3.3.2 takes memory in its signal handler when a cancel is the first it hears of, which ends the whole
 * cluster if it comes amid an allocation. It is prepared by any statement that begins after its library is loaded.
 */
async function loadPostgis(client: PoolClient): Promise<void> {
  try {
    await client.query('select postgis_lib_version()');
  } catch (error) {
    if ((error as { code?: string }).code !== UNDEFINED_FUNCTION) throw error;
  }
}

/** A limit that the role may not set is left as the administrator has it. */
async function begin(client: PoolClient, settings: Record<string, string>): Promise<void> {
  await client.query('begin isolation level repeatable read');
  await client.query(
    `select set_config(name, value, true) from unnest($1::text[], $2::text[]) as s (name, value)
      where name <> 'temp_file_limit' or has_parameter_privilege(name, 'set')`,
    [Object.keys(settings), Object.values(settings)],
  );
}

function sessionOn(client: ClientBase, role: DatabaseRole | undefined): WorkSession {
  return {
    asLogin: async (work) => {
      await client.query('set local role none');
      const done = await work(); // where it throws, the transaction is over, and its role with it
      await client.query(`set local role ${role ?? 'none'}`);
      return done;
    },
    query: async <Row extends object>(statement: string, values: unknown[] = []) =>
      (await client.query<Row>(statement, values)).rows,
    async *column(statement, values = []) {
      const cursor = client.query(new Cursor<[string | null]>(statement, values, { rowMode: 'array' }));
      let wanted = BATCH;
      const read = (): Promise<[string | null][]> => {
        const rows = cursor.read(wanted);
        rows.catch(() => {}); // told when they are wanted, which they may not be
        return rows;
      };
      let fetched = read();
      try {
        for (;;) {
          const rows = await fetched;
          const isLast = rows.length < wanted;
          const characters = rows.reduce((sum, [value]) => sum + (value?.length ?? 0), rows.length);
          wanted = Math.ceil(Math.min(MOST_ROWS, wanted * 2, (BATCH_CHARACTERS * rows.length) / characters));
          // The server sends the next ones while these are being used.
          if (!isLast) fetched = read();
          for (const [value] of rows) yield value;
          if (isLast) return;
        }
      } finally {
        await fetched.catch(() => {});
        await cursor.close().catch(() => {});
      }
    },
  };
}
