import { Injectable } from '@nestjs/common';
import { Database } from '../../database/index.js';

/** The schemas whose functions may be called at all. */
const SCHEMAS = ['honua_gp'];
const NAME = /^[a-z][a-z0-9_]{0,60}$/;

/**
 * The procedures that may be called: what honua_tier2 may execute in an allowed schema and has the form of one. Its right
 * to execute is the list; a migration that adds a procedure adds it by granting that.
 */
@Injectable()
export class Procedures {
  private known = new Set<string>();

  constructor(private readonly database: Database) {}

  /** Looks again. Throws AppError `unavailable`. */
  async refresh(): Promise<void> {
    const rows = await this.database.asSystem((manager) =>
      manager.query<{ name: string }[]>(
        `select n.nspname || '.' || p.proname as name
           from pg_proc p join pg_namespace n on n.oid = p.pronamespace
          where n.nspname = any ($1) and p.proretset and p.prorettype = to_regtype('honua_gp.feature')
            and oidvectortypes(p.proargtypes) = 'jsonb' and has_function_privilege('honua_tier2', p.oid, 'execute')`,
        [SCHEMAS],
      ),
    );
    this.known = new Set(rows.map(({ name }) => name));
  }

  /** The procedure that a handler names, quoted for a statement; or why it may not be called. */
  find(
    processId: string,
    handler: Record<string, unknown> | undefined,
  ): { ok: true; name: string } | { ok: false; reason: string } {
    const { schema = 'honua_gp', procedure } = handler ?? {};
    if (typeof schema !== 'string' || !SCHEMAS.includes(schema))
      return { ok: false, reason: `Schema '${String(schema)}' is not allow-listed.` };
    const known =
      typeof procedure === 'string' && NAME.test(procedure) && this.known.has(`${schema}.${procedure}`);
    if (!known) return { ok: false, reason: `Process '${processId}' not registered for PostGIS execution.` };
    return { ok: true, name: `"${schema}"."${procedure}"` };
  }
}
