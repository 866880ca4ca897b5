import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { Database } from '../../database/index.js';
import { runWindow } from '../run/run-window.js';

/** Far from the limit a count may be this old. */
const FRESH_MS = 1_000;

interface Counted {
  at: number;
  tenant: number;
  total: number;
}

/**
 * How much waits. Counting costs more the longer the queue is, so far below the limit a count is kept for a second, with
 * our own submits added; from half of it on every submit counts again. The limit is soft by what other replicas take in
 * within that second.
 */
@Injectable()
export class QueueLength {
  private readonly counts = new Map<string, Counted>();

  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: HonuaConfig,
  ) {}

  async of(tenant: string, maxQueuedPerTenant: number): Promise<{ tenant: number; total: number }> {
    const { maxDepth } = this.config.processing.queue;
    const known = this.counts.get(tenant);
    const far = known && known.tenant * 2 < maxQueuedPerTenant && known.total * 2 < maxDepth;
    if (far && performance.now() - known.at < FRESH_MS) return known;
    const counted = { at: performance.now(), ...(await this.count(tenant)) };
    this.counts.set(tenant, counted);
    return counted;
  }

  /** Runs were queued here. */
  grew(tenant: string, by = 1): void {
    const known = this.counts.get(tenant);
    if (!known) return;
    known.tenant += by;
    known.total += by;
  }

  private async count(tenant: string): Promise<{ tenant: number; total: number }> {
    const { floor, ceil } = runWindow();
    const [row] = await this.database.asSystem((manager) =>
      manager.query<[{ tenant: number; total: number }]>(
        `select count(*)::int as total, (count(*) filter (where tenant_id = $1))::int as tenant
           from process_runs where state = 'queued' and id >= $2 and id < $3`,
        [tenant, floor, ceil],
      ),
    );
    return row;
  }
}
