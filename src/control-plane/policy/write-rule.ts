import type { EntityManager } from 'typeorm';
import { checkVersion } from '../../shared/check-version.js';
import type { StoredRule } from './policy-override.js';
import { RULES_CHANNEL } from './tenant-rules.js';

/** Limits of a tenant, or its policy for a process. */
export type RuleName = { tenant: string } & ({ kind: 'limits' } | { kind: 'policy'; processId: string });

/** `expected`: the version that is to be changed; absent where there is to be none yet. `value` absent: it is deleted. */
export interface RuleChange {
  value?: object;
  expected?: number;
  who: string;
}

/** No process is named so. */
const LIMITS = '/limits';

const subjectOf = (name: RuleName): string => (name.kind === 'limits' ? LIMITS : name.processId);

const READ = {
  limits: `select limits as value, version, updated_at as "updatedAt", updated_by as "updatedBy"
             from tenant_limits where tenant_id = $1 and $2 = '${LIMITS}'`,
  policy: `select policy as value, version, updated_at as "updatedAt", updated_by as "updatedBy"
             from policy_overrides where tenant_id = $1 and process_id = $2`,
};
const WRITE = {
  limits: `insert into tenant_limits (tenant_id, limits, version, updated_by) select $1, $3, $4, $5 where $2 = '${LIMITS}'
           on conflict (tenant_id) do update
             set limits = excluded.limits, version = excluded.version, updated_by = excluded.updated_by,
                 updated_at = clock_timestamp()`,
  policy: `insert into policy_overrides (tenant_id, process_id, policy, version, updated_by) values ($1, $2, $3, $4, $5)
           on conflict (tenant_id, process_id) do update
             set policy = excluded.policy, version = excluded.version, updated_by = excluded.updated_by,
                 updated_at = clock_timestamp()`,
};
const DELETE = {
  limits: `delete from tenant_limits where tenant_id = $1 and $2 = '${LIMITS}'`,
  policy: 'delete from policy_overrides where tenant_id = $1 and process_id = $2',
};

/** A rule as it is kept. Runs as the system. */
export async function readRule<Value>(
  manager: EntityManager,
  name: RuleName,
): Promise<StoredRule<Value> | undefined> {
  const rows = (await manager.query(READ[name.kind], [name.tenant, subjectOf(name)])) as StoredRule<Value>[];
  return rows[0];
}

/**
 * Writes, or deletes, a rule with its history, and tells every server, all in one transaction. Throws AppError
 * `precondition-failed` where another version is there than was expected, `precondition-required` where one is there and
 * none was named. Runs as the system.
 */
export async function writeRule(
  manager: EntityManager,
  name: RuleName,
  { value, expected, who }: RuleChange,
): Promise<number> {
  const subject = subjectOf(name);
  return manager.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock(7203, hashtext($1))', [`${name.tenant} ${subject}`]);
    const before = await readRule<object>(tx, name);
    checkVersion(before?.version, expected);
    if (!before && value === undefined) return 0;
    const history = [name.tenant, subject];
    const [{ last }] = (await tx.query(
      `select coalesce(max(version), 0)::int as last from tenant_rule_history
        where tenant_id = $1 and subject = $2`,
      history,
    )) as [{ last: number }];
    const version = last + 1;
    if (value === undefined) await tx.query(DELETE[name.kind], history);
    else await tx.query(WRITE[name.kind], [...history, JSON.stringify(value), version, who]);
    await tx.query(
      `insert into tenant_rule_history (tenant_id, subject, version, who, before, after) values ($1, $2, $3, $4, $5, $6)`,
      [
        ...history,
        version,
        who,
        before ? JSON.stringify(before.value) : null,
        value === undefined ? null : JSON.stringify(value),
      ],
    );
    await tx.query(`select pg_notify('${RULES_CHANNEL}', $1)`, [name.tenant]);
    return version;
  });
}

export interface RuleHistoryEntry {
  version: number;
  at: Date;
  who: string;
  before: object | null;
  after: object | null;
}

/** What became of a rule, newest first. Runs as the system. */
export const readHistory = (
  manager: EntityManager,
  name: RuleName,
  limit: number,
): Promise<RuleHistoryEntry[]> =>
  manager.query<RuleHistoryEntry[]>(
    `select version, at, who, before, after from tenant_rule_history
      where tenant_id = $1 and subject = $2 order by id desc limit $3`,
    [name.tenant, subjectOf(name), limit],
  );
