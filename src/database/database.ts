import { DataSource, type EntityManager, getMetadataArgsStorage } from 'typeorm';
import { AppError } from '../shared/app-error.js';
import { poolOptions } from './connection-options.js';
import { asUnavailable } from './unavailable.js';

export interface DatabaseSettings {
  url: string;
  /** Connections of this process, shared by both pools. */
  poolSize: number;
  statementTimeoutMs: number;
}

/**
 * The only ways to a connection. All run unnamed statements, so the planner sees the values and prunes partitions.
 * All throw AppError `unavailable` where the database does not answer.
 */
export class Database {
  /** Whether PostGIS is installed in this database. */
  readonly postgis: boolean;

  private constructor(
    private readonly app: DataSource,
    private readonly system: DataSource,
    postgis: boolean,
  ) {
    this.postgis = postgis;
  }

  /** Opens both pools on a migrated database. */
  static async open({ url, poolSize, statementTimeoutMs }: DatabaseSettings): Promise<Database> {
    const settings = { poolSize: Math.max(2, Math.ceil(poolSize / 2)), statementTimeoutMs };
    const entities = getMetadataArgsStorage().tables.map(({ target }) => target);
    const app = new DataSource({ ...poolOptions(url, 'honua_app', settings), entities });
    const system = new DataSource({ ...poolOptions(url, 'honua_system', settings), entities });
    try {
      await app.initialize();
      await system.initialize();
      await requireRole(app, 'honua_app');
      await requireRole(system, 'honua_system');
      const found = (await system.query(`select 1 from pg_extension where extname = 'postgis'`)) as unknown[];
      return new Database(app, system, found.length > 0);
    } catch (error) {
      for (const source of [app, system]) if (source.isInitialized) await source.destroy();
      throw error;
    }
  }

  /** One transaction that sees and writes the rows of one tenant alone. */
  inTenant<T>(tenant: string, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.app
      .transaction(async (manager) => {
        await manager.query(`select set_config('honua.tenant', $1, true)`, [tenant]);
        return work(manager);
      })
      .catch(asUnavailable);
  }

  /**
   * One statement in the tenants' role that commits by itself: one round trip. It names its tenant as the argument of a
   * function that sets it (`read_run`); without one it sees nothing.
   */
  readOnce<Row>(statement: string, values: unknown[]): Promise<Row[]> {
    return this.app.manager.query<Row[]>(statement, values).catch(asUnavailable);
  }

  /** Work of the service itself, over all tenants. Each statement commits by itself: one round trip. */
  asSystem<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return work(this.system.manager).catch(asUnavailable);
  }

  async close(): Promise<void> {
    await Promise.all([this.app.destroy(), this.system.destroy()]);
  }
}

/** A connection pooler may drop startup options; then row security would not be what it says. */
async function requireRole(source: DataSource, role: string): Promise<void> {
  const [row] = (await source.query('select current_user::text as name')) as { name: string }[];
  if (row?.name === role) return;
  throw new AppError(
    'unavailable',
    'database-role',
    `The database connection ignores its role option: it is ${row?.name} and not ${role}. ` +
      'Connect to PostgreSQL directly, or let the pooler pass startup options.',
  );
}
