import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { Database } from '../../database/index.js';
import type { Principal } from '../../shared/principal.js';
import type { PolicyOverride, StoredRule } from '../policy/policy-override.js';
import { type EffectiveLimits, effectiveLimits, type TenantLimits } from '../policy/tenant-limits.js';
import { readHistory, readRule, type RuleHistoryEntry, type RuleName } from '../policy/write-rule.js';

/** The policies of a tenant, by process; of one process where it is named. As the database has them. */
export class GetPolicyOverrides extends Query<(StoredRule<PolicyOverride> & { processId: string })[]> {
  constructor(
    readonly principal: Principal,
    readonly tenant: string,
    readonly processId?: string,
  ) {
    super();
  }
}

@QueryHandler(GetPolicyOverrides)
export class GetPolicyOverridesHandler implements IQueryHandler<GetPolicyOverrides> {
  constructor(private readonly database: Database) {}

  execute({
    tenant,
    processId,
  }: GetPolicyOverrides): Promise<(StoredRule<PolicyOverride> & { processId: string })[]> {
    return this.database.asSystem((manager) =>
      manager.query(
        `select process_id as "processId", policy as value, version, updated_at as "updatedAt",
                updated_by as "updatedBy"
           from policy_overrides where tenant_id = $1 and ($2::text is null or process_id = $2) order by process_id`,
        [tenant, processId ?? null],
      ),
    );
  }
}

export interface LimitsOfTenant {
  /** Absent: it has none of its own. */
  own?: StoredRule<TenantLimits>;
  effective: EffectiveLimits;
}

/** A tenant's own limits, and what holds for it. */
export class GetTenantLimits extends Query<LimitsOfTenant> {
  constructor(
    readonly principal: Principal,
    readonly tenant: string,
  ) {
    super();
  }
}

@QueryHandler(GetTenantLimits)
export class GetTenantLimitsHandler implements IQueryHandler<GetTenantLimits> {
  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly database: Database,
  ) {}

  async execute({ tenant }: GetTenantLimits): Promise<LimitsOfTenant> {
    const own = await this.database.asSystem((manager) =>
      readRule<TenantLimits>(manager, { kind: 'limits', tenant }),
    );
    return { own, effective: effectiveLimits(this.config, own?.value) };
  }
}

const MOST_HISTORY = 1_000;

/** Who changed a rule when, from what to what, newest first. */
export class GetRuleHistory extends Query<RuleHistoryEntry[]> {
  constructor(
    readonly principal: Principal,
    readonly rule: RuleName,
  ) {
    super();
  }
}

@QueryHandler(GetRuleHistory)
export class GetRuleHistoryHandler implements IQueryHandler<GetRuleHistory> {
  constructor(private readonly database: Database) {}

  execute({ rule }: GetRuleHistory): Promise<RuleHistoryEntry[]> {
    return this.database.asSystem((manager) => readHistory(manager, rule, MOST_HISTORY));
  }
}
