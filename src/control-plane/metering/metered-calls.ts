import { Injectable } from '@nestjs/common';
import { AppError } from '../../shared/app-error.js';
import { TenantRules } from '../policy/tenant-rules.js';
import { CallCounts, type MeteredCall } from './call-counts.js';

const RETRY_AFTER_SECONDS = 1;

/** Lets calls without a run in, no more at once of one tenant than it may have here, and counts them. */
@Injectable()
export class MeteredCalls {
  private readonly underWay = new Map<string, number>();

  constructor(
    private readonly counts: CallCounts,
    private readonly rules: TenantRules,
  ) {}

  /**
   * `spent` takes the milliseconds that a call had a compute thread for; it counts also where it fails. Throws AppError
   * `rejected`, and whatever the work throws.
   */
  async admit<T>(
    { tenant, operation }: MeteredCall,
    work: (spent: (computeMs: number) => void) => Promise<T>,
  ): Promise<T> {
    const before = this.underWay.get(tenant) ?? 0;
    const most = this.rules.limitsOf(tenant).maxConcurrentCalls;
    if (before >= most) throw tooMany(most);
    this.underWay.set(tenant, before + 1);
    let computeMs = 0;
    let failures = 1;
    try {
      const result = await work((more) => (computeMs += more));
      failures = 0;
      return result;
    } finally {
      this.leave(tenant);
      this.counts.add({ tenant, operation }, { calls: 1, failures, computeMs });
    }
  }

  private leave(tenant: string): void {
    const left = this.underWay.get(tenant)! - 1;
    if (left > 0) this.underWay.set(tenant, left);
    else this.underWay.delete(tenant);
  }
}

const tooMany = (most: number): AppError =>
  new AppError('rejected', 'too-many-calls', `At most ${most} calls of one tenant are answered at once.`, {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
