import { Injectable } from '@nestjs/common';
import { Database } from '../../database/index.js';
import type { Quota } from '../../shared/app-error.js';
import type { EffectiveLimits } from '../policy/tenant-limits.js';

/** A server takes this share of a burst at a time, so that few requests wait for the database. */
const SHARES = 10;
/** What it has not used by then is dropped: others may need it. */
const KEEP_MS = 1_000;

interface Stock {
  /** The limits it was taken under: under others it is worth nothing. */
  rate: number;
  burst: number;
  at: number;
  requests: number;
  /** Left in the bucket of all servers when it was last asked. */
  elsewhere: number;
  filling?: Promise<void>;
}

export type RateLimits = Pick<EffectiveLimits, 'requestsPerSecond' | 'requestBurst'>;

/**
 * How often a tenant may ask: a token bucket that all servers share. Never are more requests let in than the bucket gave;
 * what a server took and did not use may be missing for a moment elsewhere.
 */
@Injectable()
export class RequestRate {
  private readonly stocks = new Map<string, Stock>();

  constructor(private readonly database: Database) {}

  /** Undefined: the tenant has no limit. */
  async take(tenant: string, limits: RateLimits): Promise<{ granted: boolean; quota: Quota } | undefined> {
    const { requestsPerSecond: rate, requestBurst: burst } = limits;
    if (rate === null) return undefined;
    const stock = this.stockOf(tenant, rate, burst);
    // Who waited for a filling may find that others were quicker; an empty bucket answers at once.
    for (let turn = 0; stock.requests < 1 && turn < 2; turn++) {
      stock.filling ??= this.fill(tenant, stock, rate, burst).finally(() => (stock.filling = undefined));
      await stock.filling;
    }
    const granted = stock.requests >= 1;
    if (granted) stock.requests -= 1;
    const remaining = Math.max(0, Math.floor(stock.requests + stock.elsewhere));
    const resetSeconds = granted
      ? Math.ceil((burst - remaining) / rate)
      : Math.max(1, Math.ceil((1 - stock.elsewhere) / rate));
    const windowSeconds = Math.max(1, Math.round(burst / rate));
    return { granted, quota: { name: 'requests', limit: burst, remaining, resetSeconds, windowSeconds } };
  }

  private stockOf(tenant: string, rate: number, burst: number): Stock {
    const there = this.stocks.get(tenant);
    const same = there?.rate === rate && there.burst === burst;
    const known = same ? there : { rate, burst, at: 0, requests: 0, elsewhere: 0 };
    if (performance.now() - known.at > KEEP_MS) known.requests = 0;
    this.stocks.set(tenant, known);
    return known;
  }

  private async fill(tenant: string, stock: Stock, rate: number, burst: number): Promise<void> {
    const wanted = Math.max(1, Math.floor(burst / SHARES));
    const [row] = await this.database.asSystem((manager) =>
      manager.query<[{ granted: number; remaining: number }]>('select * from take_requests($1, $2, $3, $4)', [
        tenant,
        rate,
        burst,
        wanted,
      ]),
    );
    stock.requests += row.granted;
    stock.elsewhere = row.remaining;
    stock.at = performance.now();
  }
}
