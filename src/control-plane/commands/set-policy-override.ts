import { Command, CommandHandler, EventBus, type ICommandHandler } from '@nestjs/cqrs';
import { Database } from '../../database/index.js';
import type { Principal } from '../../shared/principal.js';
import { PolicyChanged } from '../events/policy-changed.js';
import type { PolicyOverride } from '../policy/policy-override.js';
import { TenantRules } from '../policy/tenant-rules.js';
import { type RuleChange, writeRule } from '../policy/write-rule.js';

export interface PolicyTarget {
  tenant: string;
  /** `*`: every process. */
  processId: string;
}

/**
 * Writes the policy of a tenant for a process, or deletes it, and answers its version; every server goes by it at once.
 * `expected` is the version that is changed, absent where there is none yet. Throws AppError `precondition-failed` and
 * `precondition-required`.
 */
export class SetPolicyOverride extends Command<number> {
  constructor(
    readonly principal: Principal,
    readonly target: PolicyTarget,
    readonly policy: PolicyOverride | undefined,
    readonly expected: RuleChange['expected'],
  ) {
    super();
  }
}

@CommandHandler(SetPolicyOverride)
export class SetPolicyOverrideHandler implements ICommandHandler<SetPolicyOverride> {
  constructor(
    private readonly database: Database,
    private readonly rules: TenantRules,
    private readonly events: EventBus,
  ) {}

  async execute({ principal, target, policy, expected }: SetPolicyOverride): Promise<number> {
    const { tenant, processId } = target;
    const version = await this.database.asSystem((manager) =>
      writeRule(
        manager,
        { kind: 'policy', tenant, processId },
        { value: policy, expected, who: principal.user },
      ),
    );
    await this.rules.refresh(tenant);
    if (version > 0) this.events.publish(new PolicyChanged(tenant, processId, version, principal.user));
    return version;
  }
}
