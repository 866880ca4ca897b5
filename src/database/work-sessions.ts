import { type ClientBase, Pool, type PoolClient } from 'pg';
import Cursor from 'pg-cursor';
import {
  CONNECT_TIMEOUT_MS,
  type DatabaseRole,
  IDLE_IN_TRANSACTION_MS,
  withStartupOptions,
} from './connection-options.js';

/** Rows that are fetched at once. */
const BATCH = 100;
/** How soon the server notices that the process it works for is gone. */
const CONNECTION_CHECK_MS = 1_000;

/** What the server says beside its answer. */
export interface Notice {
  severity: string;
  text: string;
}

export interface WorkSession {
  query<Row extends object>(statement: string, values?: unknown[]): Promise<Row[]>;
  /** The first column of each row, fetched as it is wanted. */
  column(statement: string, values?: unknown[]): AsyncGenerator<string | null>;
}

/**
 * Connections of their own, in a role of its own, for work that is long or heavy. A session is one transaction, which is
 * always rolled back: its settings and its temporary tables end with it.
 */
export class WorkSessions {
  private constructor(private readonly pool: Pool) {}

  static open(url: string, role: DatabaseRole, size: number): WorkSessions {
    const { url: connectionString, extra } = withStartupOptions(url, [
      `-c role=${role}`,
      `-c client_connection_check_interval=${CONNECTION_CHECK_MS}`,
      `-c idle_in_transaction_session_timeout=${IDLE_IN_TRANSACTION_MS}`,
    ]);
    const pool = new Pool({
      connectionString,
      ...extra,
      max: size,
      application_name: 'honua-tier2',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    });
    // A connection that dies idle is replaced when it is wanted.
    pool.on('error', () => {});
    return new WorkSessions(pool);
  }

  /** `settings` hold for the session alone. Throws what the driver throws; `code` is the SQLSTATE. */
  async run<T>(
    settings: Record<string, string>,
    onNotice: (notice: Notice) => void,
    work: (session: WorkSession) => Promise<T>,
  ): Promise<T> {
    const client = await this.pool.connect();
    const hear = ({ severity, message }: { severity?: string; message?: string }): void =>
      onNotice({ severity: severity ?? 'NOTICE', text: message ?? '' });
    client.on('notice', hear);
    let broken: Error | undefined;
    const ended = (error?: Error): void => void (broken = error ?? new Error('The connection ended'));
    client.once('error', ended);
    try {
      await begin(client, settings);
      return await work(sessionOn(client));
    } finally {
      client.off('notice', hear);
      if (!broken) await client.query('rollback').catch(ended);
      client.off('error', ended);
      client.release(broken);
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

/** A limit that the role may not set is left as the administrator has it. */
async function begin(client: PoolClient, settings: Record<string, string>): Promise<void> {
  await client.query('begin');
  await client.query(
    `select set_config(name, value, true) from unnest($1::text[], $2::text[]) as s (name, value)
      where name <> 'temp_file_limit' or has_parameter_privilege(name, 'set')`,
    [Object.keys(settings), Object.values(settings)],
  );
}

function sessionOn(client: ClientBase): WorkSession {
  return {
    query: async <Row extends object>(statement: string, values: unknown[] = []) =>
      (await client.query<Row>(statement, values)).rows,
    async *column(statement, values = []) {
      const cursor = client.query(new Cursor<[string | null]>(statement, values, { rowMode: 'array' }));
      try {
        for (;;) {
          const rows = await cursor.read(BATCH);
          for (const [value] of rows) yield value;
          if (rows.length < BATCH) return;
        }
      } finally {
        await cursor.close().catch(() => {});
      }
    },
  };
}
