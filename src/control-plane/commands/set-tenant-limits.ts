import { Command, CommandHandler, EventBus, type ICommandHandler } from '@nestjs/cqrs';
import { Database } from '../../database/index.js';
import type { Principal } from '../../shared/principal.js';
import { PolicyChanged } from '../events/policy-changed.js';
import type { TenantLimits } from '../policy/tenant-limits.js';
import { TenantRules } from '../policy/tenant-rules.js';
import { type RuleChange, writeRule } from '../policy/write-rule.js';

/** Writes a tenant's own limits, all of them, or deletes them; otherwise like SetPolicyOverride. */
export class SetTenantLimits extends Command<number> {
  constructor(
    readonly principal: Principal,
    readonly tenant: string,
    readonly limits: TenantLimits | undefined,
    readonly expected: RuleChange['expected'],
  ) {
    super();
  }
}

@CommandHandler(SetTenantLimits)
export class SetTenantLimitsHandler implements ICommandHandler<SetTenantLimits> {
  constructor(
    private readonly database: Database,
    private readonly rules: TenantRules,
    private readonly events: EventBus,
  ) {}

  async execute({ principal, tenant, limits, expected }: SetTenantLimits): Promise<number> {
    const version = await this.database.asSystem((manager) =>
      writeRule(manager, { kind: 'limits', tenant }, { value: limits, expected, who: principal.user }),
    );
    await this.rules.refresh(tenant);
    if (version > 0) this.events.publish(new PolicyChanged(tenant, undefined, version, principal.user));
    return version;
  }
}
