import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { Catalog } from '../../registry/index.js';
import { AppError, type Quota } from '../../shared/app-error.js';
import type { Principal } from '../../shared/principal.js';
import { TenantRules } from '../policy/tenant-rules.js';
import { LiveAttempts } from '../scheduling/live-attempts.js';
import { refusalOf } from './admission-error.js';
import { decideAdmission } from './decide-admission.js';
import { AdmissionFactsGatherer } from './gather-facts.js';
import { RequestRate } from './request-rate.js';
import { TierSelector } from './tier-selector.js';

/** An execute request by its head alone. */
export interface Arrival {
  processId: string;
  mode?: 'sync' | 'async';
  /** It has an idempotency key, so it may be one that was admitted before. */
  keyed?: boolean;
  dryRun?: boolean;
}

export interface Entry {
  /** How long its body may be, and up to which length it is kept in the database. */
  body: { inlineBytes: number; maxBytes: number };
  /** What is left of the rate, for the answer whatever it is. */
  rate?: Quota;
  refusal?: AppError;
}

/** Looks at a request before a byte of its body is read: its rate, and all that admission would refuse whatever it holds. */
@Injectable()
export class AdmissionGate {
  // oxlint-disable-next-line max-params -- what is injected, not what a caller must know
  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly catalog: Catalog,
    private readonly rules: TenantRules,
    private readonly rate: RequestRate,
    private readonly facts: AdmissionFactsGatherer,
    private readonly live: LiveAttempts,
    private readonly selector: TierSelector,
  ) {}

  /** Throws AppError `not-found`. */
  async enter({ tenant }: Principal, arrival: Arrival): Promise<Entry> {
    const { definition } = this.catalog.get(arrival.processId);
    const limits = this.rules.limitsOf(tenant);
    const body = { inlineBytes: this.config.limits.inlinePayloadBytes, maxBytes: limits.maxInputSizeBytes };
    const rate = await this.rate.take(tenant, limits);
    const entry: Entry = { body, rate: rate?.quota };
    if (rate && !rate.granted) return { ...entry, refusal: tooOften(rate.quota, limits.requestsPerSecond!) };
    // An earlier run of the same key is found by the body; a dry run is answered with the decision.
    if (arrival.keyed || arrival.dryRun) return entry;
    const known = await this.facts.gather(tenant, definition, {
      mode: arrival.mode,
      syncSlotFree: this.live.syncSlotFree,
    });
    const decision = decideAdmission(known, this.selector);
    return decision.admitted ? entry : { ...entry, refusal: refusalOf(decision) };
  }
}

const tooOften = (quota: Quota, perSecond: number): AppError =>
  new AppError(
    'rejected',
    'too-many-requests',
    `More execute requests came than ${quota.limit} at once and ${perSecond} a second on average.`,
    { retryAfterSeconds: quota.resetSeconds, quota },
  );
