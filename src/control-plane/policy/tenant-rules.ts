import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { Database, Notifications } from '../../database/index.js';
import { type Policy, type PolicyOverride, resolvePolicy, type StoredRule } from './policy-override.js';
import { type EffectiveLimits, effectiveLimits, type TenantLimits } from './tenant-limits.js';

/** The payload is the tenant. */
export const RULES_CHANNEL = 'honua_policy';

interface Row<Value> {
  tenant: string;
  subject: string;
  value: Value;
  version: number;
  updated_at: Date;
  updated_by: string;
}

/**
 * The limits and policies of all tenants, as this process knows them: read at start, again for a tenant when somebody
 * changed them, and all of them again every `processing.policyRefresh`, should that have been missed.
 */
@Injectable()
export class TenantRules implements OnModuleInit, OnApplicationShutdown {
  private readonly log = new Logger(TenantRules.name);
  private limits = new Map<string, EffectiveLimits>();
  private policies = new Map<string, Map<string, StoredRule<PolicyOverride>>>();
  private readonly listeners = new Set<() => void>();
  private readonly configured: EffectiveLimits;
  private reading: Promise<void> = Promise.resolve();
  private timer?: NodeJS.Timeout;
  private stopListening?: () => void;

  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly database: Database,
    private readonly notifications: Notifications,
  ) {
    this.configured = effectiveLimits(config);
  }

  async onModuleInit(): Promise<void> {
    this.stopListening = this.notifications.subscribe(RULES_CHANNEL, (tenant) => this.readBehind(tenant));
    await this.refresh();
    this.timer = setInterval(() => this.readBehind(), this.config.processing.policyRefresh);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    this.stopListening?.();
  }

  limitsOf(tenant: string): EffectiveLimits {
    return this.limits.get(tenant) ?? this.configured;
  }

  policyOf(tenant: string, processId: string): Policy {
    return resolvePolicy(processId, this.policies.get(tenant));
  }

  /** Tells after each reading that some rule may be another. */
  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  /** Reads the rules of one tenant, or of all. One reading after the other, so that an older never comes last. */
  refresh(tenant?: string): Promise<void> {
    const read = this.reading.then(() => this.read(tenant));
    this.reading = read.catch(() => {});
    return read;
  }

  private readBehind(tenant?: string): void {
    this.refresh(tenant).catch((error: Error) => this.log.warn(`Rules were not read: ${error.message}`));
  }

  private async read(tenant: string | undefined): Promise<void> {
    const ask = <Value>(table: string, subject: string, value: string): Promise<Row<Value>[]> =>
      this.database.asSystem((manager) =>
        manager.query<Row<Value>[]>(
          `select tenant_id as tenant, ${subject} as subject, ${value} as value, version, updated_at, updated_by
             from ${table} where $1::text is null or tenant_id = $1`,
          [tenant ?? null],
        ),
      );
    const limits = await ask<TenantLimits>('tenant_limits', `'limits'`, 'limits');
    const policies = await ask<PolicyOverride>('policy_overrides', 'process_id', 'policy');
    if (tenant === undefined) {
      this.limits = new Map();
      this.policies = new Map();
    } else {
      this.limits.delete(tenant);
      this.policies.delete(tenant);
    }
    for (const { tenant: id, value } of limits) this.limits.set(id, effectiveLimits(this.config, value));
    for (const { tenant: id, subject, value, version, updated_at, updated_by } of policies) {
      const known = this.policies.get(id) ?? new Map<string, StoredRule<PolicyOverride>>();
      this.policies.set(
        id,
        known.set(subject, { value, version, updatedAt: updated_at, updatedBy: updated_by }),
      );
    }
    for (const listener of this.listeners) listener();
  }
}
